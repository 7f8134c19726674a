using System.CommandLine;

namespace Suite.Cli.Commands;

/// <summary>One command of the CLI: its options and what it does.</summary>
internal abstract class SuiteCommand : Command
{
    private string? _key;

    /// <param name="synopsis">What follows the name in the usage line.</param>
    protected SuiteCommand(string name, string synopsis, string description)
        : base(name, description)
    {
        Synopsis = synopsis;
    }

    public string Synopsis { get; }

    /// <summary>The first of two words, for a command of a group.</summary>
    public string? Group { get; set; }

    /// <summary>What a person types after "suite".</summary>
    public string Words => Group is null ? Name : $"{Group} {Name}";

    /// <summary>What a file of options calls it: a command that has two names, as ps and container ls, has the shorter one there.</summary>
    public string Key => _key ?? Words;

    /// <summary>The same command under another name within a group.</summary>
    public SuiteCommand Known(string key, params string[] aliases)
    {
        _key = key;
        foreach (var alias in aliases)
            Aliases.Add(alias);
        return this;
    }

    /// <summary>The exit code when it fails.</summary>
    public virtual int FailureCode => ExitCodes.Failure;

    /// <summary>The exit code when it is called wrongly. Docker's is 125 for every command.</summary>
    public virtual int UsageFailureCode => ExitCodes.BeforeStart;

    public abstract Task<int> RunAsync(Invocation call, CancellationToken cancellationToken);

    /// <summary>An option that is there or not.</summary>
    internal Option<bool> Flag(string name, string description, params string[] aliases) =>
        // "--rm=false" is said, too. WordsOfLine gives each flag its value, so that none takes the word behind it, which may be an
        // image of the name "true".
        Added(new Option<bool>(name, aliases) { Description = description, Arity = ArgumentArity.ExactlyOne });

    internal Option<string?> Text(string name, string value, string description, params string[] aliases) =>
        Added(new Option<string?>(name, aliases) { Description = description, HelpName = value });

    /// <summary>An option that may be given several times.</summary>
    internal Option<string[]> List(string name, string value, string description, params string[] aliases) =>
        Added(new Option<string[]>(name, aliases) { Description = description, HelpName = value, Arity = ArgumentArity.OneOrMore });

    protected Argument<string> One(string name) => Added(new Argument<string>(name));

    /// <summary>One or more of the same.</summary>
    protected Argument<string[]> Several(string name) => Added(new Argument<string[]>(name) { Arity = ArgumentArity.OneOrMore });

    /// <summary>All that follows, options included: a container's command has options of its own.</summary>
    protected Argument<string[]> Rest(string name) =>
        Added(new Argument<string[]>(name) { Arity = ArgumentArity.OneOrMore, CaptureRemainingTokens = true });

    private Option<T> Added<T>(Option<T> option)
    {
        Add(option);
        return option;
    }

    private Argument<T> Added<T>(Argument<T> argument)
    {
        Add(argument);
        return argument;
    }
}
