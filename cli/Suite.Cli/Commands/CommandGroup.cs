using Suite.Cli.Output;

namespace Suite.Cli.Commands;

/// <summary>Commands that belong together, called by two words, as in `suite registry gc`. Alone it prints what there is.</summary>
internal abstract class CommandGroup : SuiteCommand
{
    protected CommandGroup(string name, string description, params IReadOnlyList<SuiteCommand> members)
        : base(name, "COMMAND", description)
    {
        Members = members;
        foreach (var member in members)
        {
            member.Group = name;
            Subcommands.Add(member);
        }
    }

    public IReadOnlyList<SuiteCommand> Members { get; }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        HelpText.Write(call.Error, this, call.Session.Streams.Columns);
        return Task.FromResult(UsageFailureCode);
    }
}
