using Grpc.Core;
using Suite.Cli.Endpoints;
using Suite.Linux.Errors;

namespace Suite.Cli.Machine;

/// <summary>
/// Removes every container and pod, then what the network service keeps in the kernel for them. Goes on after a failure, and
/// reports them all: half an end is worse than an end with a complaint.
/// </summary>
internal sealed class Clearance(ServiceClients services)
{
    // Stopping is waiting; more at once than this only makes a queue in the services.
    private const int AtOnce = 8;

    private readonly List<string> _failures = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RemoveContainersAsync(cancellationToken);
        await RemovePodsAsync(cancellationToken);
        await ReleaseNetworkAsync(cancellationToken);
        if (_failures.Count > 0)
        {
            throw new SuiteException(
                ErrorKind.FailedPrecondition,
                $"not everything could be removed, so the services go on: {string.Join("; ", _failures)}");
        }
    }

    private async Task RemoveContainersAsync(CancellationToken cancellationToken)
    {
        var list = await services.Containers.ListAsync(
            new Container.V1.ListRequest { All = true }, cancellationToken: cancellationToken);
        await EachAsync(
            list.Containers.Where(c => !c.Kubernetes),
            async (container, token) => await services.Containers.RemoveAsync(
                new Container.V1.RemoveRequest { Container = container.Id, Force = true }, cancellationToken: token),
            cancellationToken);
    }

    private async Task RemovePodsAsync(CancellationToken cancellationToken)
    {
        var list = await services.Cri.ListPodSandboxAsync(
            new global::Runtime.V1.ListPodSandboxRequest(), cancellationToken: cancellationToken);
        await EachAsync(
            list.Items,
            async (pod, token) =>
            {
                await services.Cri.StopPodSandboxAsync(
                    new global::Runtime.V1.StopPodSandboxRequest { PodSandboxId = pod.Id }, cancellationToken: token);
                await services.Cri.RemovePodSandboxAsync(
                    new global::Runtime.V1.RemovePodSandboxRequest { PodSandboxId = pod.Id }, cancellationToken: token);
            },
            cancellationToken);
    }

    private async Task ReleaseNetworkAsync(CancellationToken cancellationToken)
    {
        var list = await services.Network.ListAttachmentsAsync(
            new Network.V1.ListAttachmentsRequest(), cancellationToken: cancellationToken);
        await EachAsync(
            list.Attachments,
            async (attachment, token) => await services.Network.DetachAsync(
                new Network.V1.DetachRequest { SandboxId = attachment.SandboxId }, cancellationToken: token),
            cancellationToken);
        if (_failures.Count == 0)
            await services.Network.ReleaseAsync(new Network.V1.ReleaseRequest(), cancellationToken: cancellationToken);
    }

    private Task EachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                try
                {
                    await action(item, token);
                }
                catch (RpcException e) when (e.StatusCode != StatusCode.NotFound && !token.IsCancellationRequested)
                {
                    lock (_failures)
                        _failures.Add(Output.Failures.Describe(e)!);
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
                {
                    // It went by itself meanwhile, as --rm containers do.
                }
            });
}
