namespace Suite.Cli.Commands;

/// <summary>The networks of this machine.</summary>
internal sealed class NetworkCommand() : CommandGroup(
    "network",
    "Make, show and remove networks, and connect containers to them",
    new NetworkCreateCommand(),
    new NetworkListCommand().Known("network ls", "list"),
    new NetworkInspectCommand(),
    new NetworkConnectCommand(),
    new NetworkDisconnectCommand(),
    new NetworkRemoveCommand().Known("network rm", "remove"),
    new NetworkPruneCommand());
