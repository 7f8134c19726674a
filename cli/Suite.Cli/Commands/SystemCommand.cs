namespace Suite.Cli.Commands;

/// <summary>What takes room on this machine.</summary>
internal sealed class SystemCommand() : CommandGroup(
    "system", "See and give back what takes room", new SystemUsageCommand(), new SystemPruneCommand());
