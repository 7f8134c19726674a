using System.CommandLine;
using Suite.Cli.Completions;

namespace Suite.Cli.Commands;

/// <summary>What the shells' scripts ask: the words of the line after "suite", the last of them still being typed.</summary>
internal sealed class CompleteCommand : SuiteCommand
{
    public const string Word = "__complete";

    private readonly Argument<string[]> _words;

    public CompleteCommand()
        : base(Word, "[WORD...]", "Print what a word can become")
    {
        _words = new Argument<string[]>("WORD") { Arity = ArgumentArity.ZeroOrMore, CaptureRemainingTokens = true };
        Add(_words);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        foreach (var candidate in await new Completer(call).CompleteAsync(call.Get(_words) ?? [], cancellationToken))
            await call.Out.WriteLineAsync(candidate.Line);
        return ExitCodes.Success;
    }
}
