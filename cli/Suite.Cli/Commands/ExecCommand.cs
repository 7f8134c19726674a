using System.CommandLine;
using Grpc.Core;
using Suite.Cli.Streams;
using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class ExecCommand : SuiteCommand
{
    private readonly Option<bool> _detach;
    private readonly Option<bool> _interactive;
    private readonly Option<bool> _tty;
    private readonly Option<string[]> _env;
    private readonly Option<string[]> _envFile;
    private readonly Option<string?> _workdir;
    private readonly Option<string?> _user;
    private readonly Option<bool> _privileged;
    private readonly Option<string?> _detachKeys;
    private readonly Argument<string[]> _containerAndCommand;

    public ExecCommand()
        : base("exec", "[OPTIONS] CONTAINER COMMAND [ARG...]", "Run a command in a running container")
    {
        _detach = Flag("--detach", "Leave it in the background", "-d");
        _interactive = Flag("--interactive", "Connect standard input", "-i");
        _tty = Flag("--tty", "Give it a terminal", "-t");
        _env = List("--env", "NAME[=VALUE]", "Set a variable; without a value, pass on your own", "-e");
        _envFile = List("--env-file", "FILE", "Read variables from a file");
        _workdir = Text("--workdir", "DIR", "Working directory", "-w");
        _user = Text("--user", "USER[:GROUP]", "Run as this user, a name or number", "-u");
        _privileged = Flag("--privileged", "With all capabilities");
        _detachKeys = Text("--detach-keys", "KEYS", "Keys that leave the command alone (default: ctrl-p,ctrl-q)");
        _containerAndCommand = Rest("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var options = Read(call);
        var keys = options.Detach ? DetachKeys.Parse(call.Get(_detachKeys)) : await DetachKeys.OfAsync(call, _detachKeys);
        Foreground.RequireTerminal(call.Session.Streams, options.Stdin, options.Tty);
        using var streams = await ExecStreams.OpenAsync(call.Services.Containers, options, cancellationToken);
        var started = false;
        try
        {
            var foreground = new Foreground(call.Session.Streams, streams, options.Stdin, options.Tty, keys);
            var exitCode = await foreground.RunAsync(_ => Task.FromResult(started = true), onRunning: null, cancellationToken);
            if (foreground.Detached)
                return ExitCodes.Success;
            // In the background it has begun, and that is all there is to hear.
            return options.Detach && started ? ExitCodes.Success : exitCode ?? throw new SuiteException(
                ErrorKind.Unavailable,
                $"lost the connection to the command in container {options.Container}: suite-runtime stopped; see its log");
        }
        catch (RpcException e) when (!started && e.StatusCode is StatusCode.NotFound or StatusCode.PermissionDenied)
        {
            await call.Error.WriteLineAsync($"suite: {e.Status.Detail}");
            return await CodeOfAsync(call, options.Container, e.StatusCode, cancellationToken);
        }
    }

    /// <summary>NOT_FOUND is the command, 127, or the container, 1: the second one does not answer to Inspect either.</summary>
    private static async Task<int> CodeOfAsync(
        Invocation call, string container, StatusCode status, CancellationToken cancellationToken)
    {
        try
        {
            await call.Services.Containers.InspectAsync(
                new InspectRequest { Container = container }, cancellationToken: cancellationToken);
            return status == StatusCode.NotFound ? ExitCodes.CommandNotFound : ExitCodes.CannotExecute;
        }
        catch (RpcException)
        {
            return ExitCodes.Failure;
        }
    }

    private ExecOptions Read(Invocation call)
    {
        var words = call.Get(_containerAndCommand);
        if (words.Length < 2)
            throw new SuiteException(ErrorKind.InvalidArgument, $"nothing to run in container {words[0]}: write suite exec {words[0]} COMMAND");
        var options = new ExecOptions
        {
            Container = words[0],
            WorkingDir = FolderSyntax.Absolute("--workdir", call.Get(_workdir)),
            User = call.Get(_user) ?? "",
            Tty = call.Get(_tty),
            Stdin = call.Get(_interactive) && !call.Get(_detach),
            Privileged = call.Get(_privileged),
            Detach = call.Get(_detach),
            Size = TerminalResizes.Of(call.Session.Streams, call.Get(_tty)),
        };
        options.Command.Add(words[1..]);
        options.Env.Add(EnvironmentSyntax.Read(call.Get(_envFile) ?? [], call.Get(_env) ?? [], call.Session.Environment));
        return options;
    }
}
