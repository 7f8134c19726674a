using System.CommandLine;
using Suite.Cli.Completions;

namespace Suite.Cli.Commands;

internal sealed class CompletionCommand : SuiteCommand
{
    private readonly Argument<string> _shell;

    public CompletionCommand()
        : base("completion", "bash|zsh|fish", "Print a script that teaches a shell to complete the words of suite")
    {
        _shell = One("SHELL");
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        await call.Out.WriteAsync(ShellScripts.Of(call.Get(_shell)));
        return ExitCodes.Success;
    }
}
