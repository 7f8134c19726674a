using System.CommandLine;
using Suite.Cli.Streams;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class AttachCommand : SuiteCommand
{
    private readonly Option<bool> _noStdin;
    private readonly Option<bool> _signals;
    private readonly Option<string?> _detachKeys;
    private readonly Argument<string> _container;

    public AttachCommand()
        : base("attach", "[OPTIONS] CONTAINER", "Connect to a running container's standard streams")
    {
        _noStdin = Flag("--no-stdin", "Do not connect standard input");
        _signals = Flag("--sig-proxy", "Pass signals on to the process (default: true)");
        _detachKeys = Text("--detach-keys", "KEYS", "Keys that leave the container alone (default: ctrl-p,ctrl-q)");
        _container = One("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var name = call.Get(_container);
        var keys = await DetachKeys.OfAsync(call, _detachKeys);
        var inspected = await call.Services.Containers.InspectAsync(new InspectRequest { Container = name }, cancellationToken: cancellationToken);
        if (inspected.Container.State is not (State.Running or State.Restarting))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot attach to container {name}: it does not run; see \"suite start -a {name}\"");
        var spec = inspected.Spec ?? new ContainerSpec();
        var stdin = spec.Stdin && !call.Get(_noStdin);
        Foreground.RequireTerminal(call.Session.Streams, stdin, spec.Tty);
        using var streams = await AttachedStreams.OpenAsync(
            call.Services.Containers, new AttachOptions { Container = name, Stdin = stdin }, cancellationToken);
        using var signals = new SignalForwarding(call.Interruption, call.Services.Containers, name);
        var foreground = new Foreground(call.Session.Streams, streams, stdin, spec.Tty, keys);
        var exitCode = await foreground.RunAsync(
            _ => Task.FromResult(true), spec.Tty || !call.GetOr(_signals, true) ? null : signals.Begin, cancellationToken);
        if (foreground.Detached)
            return ExitCodes.Success;
        return exitCode ?? throw new SuiteException(
            ErrorKind.Unavailable,
            $"lost the connection to container {name}: suite-runtime stopped, the container goes on; see \"suite ps\" when it is back");
    }
}
