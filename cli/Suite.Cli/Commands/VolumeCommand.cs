namespace Suite.Cli.Commands;

/// <summary>Folders that outlive containers.</summary>
internal sealed class VolumeCommand() : CommandGroup(
    "volume",
    "Look after volumes: folders that outlive containers",
    new VolumeCreateCommand(),
    new VolumeListCommand().Known("volume ls", "list"),
    new VolumeInspectCommand(),
    new VolumeRemoveCommand().Known("volume rm", "remove"),
    new VolumePruneCommand());
