using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Events;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Handlers;
using Suite.Runtime.Names;
using Suite.Runtime.Store;

namespace Suite.Runtime.Pods;

/// <summary>
/// Makes a pod. Idempotent by the pod's metadata: a repeated call gets the pod that is ready, and one that comes while the
/// pod is being made joins the making.
/// </summary>
internal sealed class RunPodSandbox(Inventory inventory, SandboxSetup setup, RuntimeHandlers handlers, ContainerEvents events, TimeProvider time)
{
    private readonly InFlight<string> _making = new();

    /// <returns>The pod's id.</returns>
    public Task<string> RunAsync(PodConfig config, string runtimeHandler, CancellationToken cancellationToken)
    {
        var runtime = handlers.Find(runtimeHandler);
        return _making.RunOrJoinAsync(config.Metadata.Key, token => MakeAsync(config, runtimeHandler, runtime, token), cancellationToken);
    }

    private async Task<string> MakeAsync(PodConfig config, string runtimeHandler, OciRuntime? runtime, CancellationToken cancellationToken)
    {
        if (inventory.PodByKey(config.Metadata.Key) is { } existing)
        {
            return existing.IsReady
                ? existing.Id
                : throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot run pod {config.Metadata}: it was run and stopped as {existing.Id}; remove that one, or raise the attempt");
        }

        await handlers.RequireAsync(config, runtimeHandler, runtime).ConfigureAwait(false);
        var pod = new Pod
        {
            Id = IdGenerator.New(),
            Origin = PodOrigin.Kubernetes,
            Config = config,
            State = PodState.Creating,
            CreatedAt = time.NowNanoseconds(),
            RuntimeHandler = runtimeHandler,
            Runtime = runtime,
        };
        inventory.Add(pod);
        try
        {
            events.PodStarted(await setup.SetUpAsync(pod, cancellationToken).ConfigureAwait(false));
            return pod.Id;
        }
        catch
        {
            if (inventory.TryGetPod(pod.Id, out var failed) && failed.State == PodState.NotReady)
                inventory.RemovePod(pod.Id);
            throw;
        }
    }
}
