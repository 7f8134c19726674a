using System.CommandLine;
using Grpc.Core;
using Suite.Cli.Streams;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class RunCommand : ContainerOptions
{
    private readonly Option<bool> _detach;
    private readonly Option<string?> _detachKeys;
    private readonly Option<bool> _signals;

    public RunCommand()
        : base("run", "Make a container and start it")
    {
        _detach = Flag("--detach", "Leave it in the background and print its id", "-d");
        _detachKeys = Text("--detach-keys", "KEYS", "Keys that leave the container alone (default: ctrl-p,ctrl-q)");
        _signals = Flag("--sig-proxy", "Pass signals on to the process (default: true)");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var spec = Read(call);
        var keys = DetachKeys.Of(call, _detachKeys);
        var detached = call.Get(_detach);
        if (!detached)
            Foreground.RequireTerminal(call.Session.Streams, spec.Stdin, spec.Tty);

        var created = await CreateAsync(call, spec, cancellationToken);
        var started = false;
        try
        {
            var exitCode = detached
                ? await ContainerStart.DetachedAsync(call, created.Id, cancellationToken)
                : await ContainerStart.AttachedAsync(call, created.Id, new AttachWish(spec.Stdin, spec.Tty, keys, call.GetOr(_signals, true)), cancellationToken);
            started = exitCode is not (ExitCodes.CannotExecute or ExitCodes.CommandNotFound);
            if (detached && started)
                await call.Out.WriteLineAsync(created.Id);
            return exitCode;
        }
        finally
        {
            // The runtime removes what exits; what never ran would stay.
            if (spec.AutoRemove && !started)
                await RemoveAsync(call, created.Id);
        }
    }

    private static async Task RemoveAsync(Invocation call, string id)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await call.Services.Containers.RemoveAsync(
                new RemoveRequest { Container = id, Force = true }, cancellationToken: limit.Token);
        }
        catch (RpcException)
        {
            // Gone already, or the service is: the failure that brought us here is the one to report.
        }
    }
}
