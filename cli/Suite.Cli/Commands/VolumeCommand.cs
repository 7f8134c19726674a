namespace Suite.Cli.Commands;

/// <summary>Folders that outlive containers.</summary>
internal sealed class VolumeCommand() : CommandGroup(
    "volume",
    "Look after volumes: folders that outlive containers",
    new VolumeCreateCommand(),
    new VolumeListCommand(),
    new VolumeInspectCommand(),
    new VolumeRemoveCommand(),
    new VolumePruneCommand());
