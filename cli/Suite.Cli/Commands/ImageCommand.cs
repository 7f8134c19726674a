namespace Suite.Cli.Commands;

/// <summary>What there is about images, under the names of Docker's group.</summary>
internal sealed class ImageCommand() : CommandGroup(
    "image",
    "Look after the images of this machine",
    new BuildCommand().Known("build"),
    new HistoryCommand().Known("history"),
    new ImportCommand().Known("import"),
    new InspectCommand("image").Known("inspect"),
    new LoadCommand().Known("load"),
    new ImagesCommand("ls").Known("images", "list"),
    new ImagePruneCommand(),
    new PullCommand().Known("pull"),
    new PushCommand().Known("push"),
    new RmiCommand("rm").Known("rmi", "remove"),
    new SaveCommand().Known("save"),
    new TagCommand().Known("tag"));
