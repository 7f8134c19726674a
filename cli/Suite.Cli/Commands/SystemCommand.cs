namespace Suite.Cli.Commands;

/// <summary>What looks after this machine as a whole.</summary>
internal sealed class SystemCommand() : CommandGroup("system", "Look after this machine", new SystemUsageCommand(), new EventsCommand().Known("events"), new InfoCommand().Known("info"), new SystemPruneCommand());
