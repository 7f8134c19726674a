namespace Suite.Cli.Commands;

/// <summary>Networks of this machine.</summary>
internal sealed class NetworkCommand() : CommandGroup(
    "network",
    "Look after networks",
    new NetworkCreateCommand(),
    new NetworkListCommand(),
    new NetworkInspectCommand(),
    new NetworkConnectCommand(),
    new NetworkDisconnectCommand(),
    new NetworkRemoveCommand(),
    new NetworkPruneCommand());
