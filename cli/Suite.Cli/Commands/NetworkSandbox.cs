using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>What the network service knows a container by.</summary>
internal static class NetworkSandbox
{
    /// <exception cref="SuiteException">It does not run: a container's links come with its start, and go with its end.</exception>
    public static async Task<string> OfAsync(Invocation call, string container, CancellationToken cancellationToken)
    {
        var inspected = await call.Services.Containers.InspectAsync(new InspectRequest { Container = container }, cancellationToken: cancellationToken);
        return inspected.Container.State is State.Running or State.Paused
            ? inspected.Container.SandboxId
            : throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot change the networks of container {container}: it does not run; name its networks when you make it, with --network");
    }
}
