using System.CommandLine;
using Suite.Cli.Streams;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class StartCommand : SuiteCommand
{
    private readonly Option<bool> _attach;
    private readonly Option<bool> _interactive;
    private readonly Option<string?> _detachKeys;
    private readonly Option<bool> _signals;
    private readonly Argument<string[]> _containers;

    public StartCommand()
        : base("start", "[OPTIONS] CONTAINER...", "Start containers that are created or have exited")
    {
        _attach = Flag("--attach", "Show its output and end with its exit code", "-a");
        _interactive = Flag("--interactive", "Connect standard input, too", "-i");
        _detachKeys = Text("--detach-keys", "KEYS", "Keys that leave the container alone (default: ctrl-p,ctrl-q)");
        _signals = Flag("--sig-proxy", "Pass signals on to the process (default: true)");
        _containers = Several("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var names = call.Get(_containers);
        if (call.Get(_attach) || call.Get(_interactive))
            return await AttachedAsync(call, names, cancellationToken);

        return await call.ForEachAsync(names, async name =>
        {
            await call.Services.Containers.StartAsync(new StartRequest { Container = name }, cancellationToken: cancellationToken);
            return name;
        });
    }

    private async Task<int> AttachedAsync(Invocation call, string[] names, CancellationToken cancellationToken)
    {
        if (names is not [var name])
            throw new SuiteException(ErrorKind.InvalidArgument, "cannot attach to several containers at once: name one");
        var inspected = await call.Services.Containers.InspectAsync(
            new InspectRequest { Container = name }, cancellationToken: cancellationToken);
        var stdin = call.Get(_interactive) && inspected.Spec.Stdin;
        var wish = new AttachWish(call.Session.Streams, stdin, inspected.Spec.Tty, await DetachKeys.OfAsync(call, _detachKeys), call.GetOr(_signals, true));
        Foreground.RequireTerminal(call.Session.Streams, stdin, inspected.Spec.Tty);
        return await ContainerStart.AttachedAsync(call, name, wish, cancellationToken);
    }
}
