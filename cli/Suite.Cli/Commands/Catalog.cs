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
        new(Containers, "restart", static () => new RestartCommand()),
        new(Containers, "pause", static () => new PauseCommand()),
        new(Containers, "unpause", static () => new UnpauseCommand()),
        new(Containers, "kill", static () => new KillCommand()),
        new(Containers, "rm", static () => new RmCommand()),
        new(Containers, "ps", static () => new PsCommand()),
        new(Containers, "attach", static () => new AttachCommand()),
        new(Containers, "exec", static () => new ExecCommand()),
        new(Containers, "logs", static () => new LogsCommand()),
        new(Containers, "wait", static () => new WaitCommand()),
        new(Containers, "port", static () => new PortCommand()),
        new(Containers, "top", static () => new TopCommand()),
        new(Containers, "stats", static () => new StatsCommand()),
        new(Containers, "cp", static () => new CopyCommand()),
        new(Containers, "rename", static () => new RenameCommand()),
        new(Containers, "update", static () => new UpdateCommand()),
        new(Containers, "inspect", static () => new InspectCommand()),
        new(Containers, "commit", static () => new CommitCommand()),
        new(Containers, "diff", static () => new DiffCommand()),
        new(Containers, "export", static () => new ExportCommand()),
        new(Containers, "container", static () => new ContainerCommand()),
        new(Images, "build", static () => new BuildCommand()),
        new(Images, "builder", static () => new BuilderCommand()),
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
        new(Machine, "volume", static () => new VolumeCommand()),
        new(Machine, "events", static () => new EventsCommand()),
        new(Machine, "up", static () => new UpCommand()),
        new(Machine, "down", static () => new DownCommand()),
        new(Machine, "system", static () => new SystemCommand()),
        new(Machine, "info", static () => new InfoCommand()),
        new(Machine, "version", static () => new VersionCommand()),
        new(Machine, "completion", static () => new CompletionCommand()),
    ];

    /// <summary>The root with the one command that the words ask for.</summary>
    public static Command RootFor(IReadOnlyList<string> args)
    {
        var root = new Command("suite");
        foreach (var option in GlobalOptions.All)
            root.Options.Add(option);

        if (IndexOfCommand(args) is var at && at < args.Count && Find(args[at]) is { } entry)
            root.Subcommands.Add(entry.Make());
        return root;
    }

    /// <summary>The command that words name, and what stands behind it; null when none does.</summary>
    public static SuiteCommand? CommandOf(IReadOnlyList<string> words, out IReadOnlyList<string> rest)
    {
        var at = IndexOfCommand(words);
        rest = [.. words.Skip(at + 1)];
        if (at == words.Count || Find(words[at]) is not { } entry)
            return null;
        var command = entry.Make();
        var second = rest.FirstOrDefault() ?? "";
        if (command is CommandGroup group && group.Members.FirstOrDefault(m => m.Name == second || m.Aliases.Contains(second)) is { } member)
            (command, rest) = (member, [.. rest.Skip(1)]);
        return command;
    }

    /// <summary>The first word that is neither an option of every command nor its value, which may be the name of a command, too.</summary>
    private static int IndexOfCommand(IReadOnlyList<string> words)
    {
        var i = 0;
        while (i < words.Count && words[i].StartsWith('-'))
        {
            var takesNext = GlobalOptions.All.Any(o => o is Option<string?> && (o.Name == words[i] || o.Aliases.Contains(words[i])));
            i += takesNext ? 2 : 1;
        }

        return Math.Min(i, words.Count);
    }

    private static Entry? Find(string name)
    {
        // Not in the list: nobody types it.
        if (name == CompleteCommand.Word)
            return new Entry(Machine, name, static () => new CompleteCommand());
        foreach (var entry in Entries)
        {
            if (entry.Name == name)
                return entry;
        }

        return null;
    }

    public sealed record Entry(string Group, string Name, Func<SuiteCommand> Make);
}
