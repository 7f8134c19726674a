using System.CommandLine;

namespace Suite.Cli.Commands;

/// <summary>Every command by its name. A command's object is made only when it is the one called, or for help.</summary>
internal static class Catalog
{
    private const string Containers = "Containers";
    private const string Images = "Images";
    private const string Networks = "Networks";
    private const string Registries = "Registries";
    private const string Machine = "This machine";

    public static readonly IReadOnlyList<Entry> Entries =
    [
        new(Containers, "run", static () => new RunCommand()),
        new(Containers, "create", static () => new CreateCommand()),
        new(Containers, "start", static () => new StartCommand()),
        new(Containers, "stop", static () => new StopCommand()),
        new(Containers, "kill", static () => new KillCommand()),
        new(Containers, "rm", static () => new RmCommand()),
        new(Containers, "ps", static () => new PsCommand()),
        new(Containers, "exec", static () => new ExecCommand()),
        new(Containers, "logs", static () => new LogsCommand()),
        new(Containers, "wait", static () => new WaitCommand()),
        new(Containers, "port", static () => new PortCommand()),
        new(Containers, "inspect", static () => new InspectCommand()),
        new(Containers, "commit", static () => new CommitCommand()),
        new(Containers, "diff", static () => new DiffCommand()),
        new(Containers, "export", static () => new ExportCommand()),
        new(Images, "build", static () => new BuildCommand()),
        new(Images, "images", static () => new ImagesCommand()),
        new(Images, "pull", static () => new PullCommand()),
        new(Images, "push", static () => new PushCommand()),
        new(Images, "tag", static () => new TagCommand()),
        new(Images, "rmi", static () => new RmiCommand()),
        new(Images, "history", static () => new HistoryCommand()),
        new(Images, "save", static () => new SaveCommand()),
        new(Images, "load", static () => new LoadCommand()),
        new(Images, "import", static () => new ImportCommand()),
        new(Images, "image", static () => new ImageCommand()),
        new(Networks, "network", static () => new NetworkCommand()),
        new(Registries, "login", static () => new LoginCommand()),
        new(Registries, "logout", static () => new LogoutCommand()),
        new(Registries, "search", static () => new SearchCommand()),
        new(Registries, "registry", static () => new RegistryCommand()),
        new(Machine, "up", static () => new UpCommand()),
        new(Machine, "down", static () => new DownCommand()),
        new(Machine, "system", static () => new SystemCommand()),
        new(Machine, "info", static () => new InfoCommand()),
        new(Machine, "version", static () => new VersionCommand()),
    ];

    /// <summary>The root with the one command that the words ask for.</summary>
    public static Command RootFor(IReadOnlyList<string> args)
    {
        var root = new Command("suite");
        foreach (var option in GlobalOptions.All)
            root.Options.Add(option);

        // The name may stand behind global options; their values are no command names unless someone means to confuse.
        var entry = args.Select(Find).FirstOrDefault(e => e is not null);
        if (entry is not null)
            root.Subcommands.Add(entry.Make());
        return root;
    }

    private static Entry? Find(string name)
    {
        foreach (var entry in Entries)
        {
            if (entry.Name == name)
                return entry;
        }

        return null;
    }

    public sealed record Entry(string Group, string Name, Func<SuiteCommand> Make);
}
