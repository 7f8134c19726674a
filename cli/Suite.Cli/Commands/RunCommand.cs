using System.CommandLine;
using Grpc.Core;
using Suite.Cli.Output;
using Suite.Cli.Streams;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class RunCommand : ContainerOptions
{
    private static readonly string[] StreamNames = ["stdin", "stdout", "stderr"];

    private readonly Option<bool> _detach;
    private readonly Option<string[]> _attach;
    private readonly Option<string?> _detachKeys;
    private readonly Option<bool> _signals;

    public RunCommand()
        : base("run", "Make a container and start it")
    {
        _detach = Flag("--detach", "Leave it in the background and print its id", "-d");
        _attach = List("--attach", "STREAM", "Connect only these: stdin, stdout, stderr", "-a");
        _detachKeys = Text("--detach-keys", "KEYS", "Keys that leave the container alone (default: ctrl-p,ctrl-q)");
        _signals = Flag("--sig-proxy", "Pass signals on to the process (default: true)");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var spec = Read(call);
        var detached = call.Get(_detach);
        var (stdin, shown) = Attached(call, spec);
        var keys = detached ? DetachKeys.Parse(call.Get(_detachKeys)) : await DetachKeys.OfAsync(call, _detachKeys);
        if (!detached)
            Foreground.RequireTerminal(shown, stdin, spec.Tty);

        var created = await CreateAsync(call, spec, cancellationToken);
        var started = false;
        try
        {
            var exitCode = detached
                ? await ContainerStart.DetachedAsync(call, created.Id, cancellationToken)
                : await ContainerStart.AttachedAsync(call, created.Id, new AttachWish(shown, stdin, spec.Tty, keys, call.GetOr(_signals, true)), cancellationToken);
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

    /// <summary>What of the standard streams is connected: all that there is, or what --attach names.</summary>
    private (bool Stdin, StandardStreams Shown) Attached(Invocation call, ContainerSpec spec)
    {
        var own = call.Session.Streams;
        string[] named = [.. (call.Get(_attach) ?? []).Select(stream => stream.ToLowerInvariant())];
        if (named.Length == 0)
            return (spec.Stdin, own);
        if (call.Get(_detach))
            throw new SuiteException(ErrorKind.InvalidArgument, "--attach and --detach exclude each other: what is in the background has no streams here");
        if (named.FirstOrDefault(stream => !StreamNames.Contains(stream)) is { } unknown)
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --attach {unknown}: there are {string.Join(", ", StreamNames)}");
        spec.Stdin |= named.Contains("stdin");
        return (named.Contains("stdin"), own with
        {
            Output = named.Contains("stdout") ? own.Output : System.IO.Stream.Null,
            Error = named.Contains("stderr") ? own.Error : System.IO.Stream.Null,
        });
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
