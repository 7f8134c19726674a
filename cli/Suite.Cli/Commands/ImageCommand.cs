namespace Suite.Cli.Commands;

/// <summary>What looks after images as a whole.</summary>
internal sealed class ImageCommand() : CommandGroup("image", "Look after the images of this machine", new ImagePruneCommand());
