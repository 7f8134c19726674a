using Suite.Linux.Errors;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Peers;
using Suite.Runtime.Shims;
using Suite.Runtime.Telemetry;

namespace Suite.Runtime.Pods;

/// <summary>
/// Takes back the kernel's part of a pod, whatever of it is there: repeating it is safe, and a failure of one part does not
/// keep the others. Containers that still run are killed.
/// </summary>
internal sealed class SandboxTeardown(PodShims shims, NetworkPeer network, PodPlaces places)
{
    public async Task TearDownAsync(Pod pod, CancellationToken cancellationToken)
    {
        // The namespace goes with its last process, so that link and addresses can be given back while the processes end.
        var ending = EndShimAsync(pod, cancellationToken);
        var detaching = pod.Config.Namespaces.HostNetwork ? Task.CompletedTask : network.DetachAsync(pod.Id, cancellationToken);
        try
        {
            await Task.WhenAll(ending, detaching).ConfigureAwait(false);
        }
        catch when (ending.IsFaulted && detaching.IsFaulted)
        {
            throw new SuiteException(ErrorKind.Unavailable, $"cannot end pod {pod.Metadata}: {ending.Exception!.InnerException!.Message}; and: {detaching.Exception!.InnerException!.Message}", ending.Exception);
        }
        var directory = places.DirectoryOf(pod.Id);
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private async Task EndShimAsync(Pod pod, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("end shim", pod.Id);
        var plan = places.PlanOf(pod);
        if (shims.Find(pod.Id) is not null)
            await shims.ShutdownAsync(pod.Id, cancellationToken).ConfigureAwait(false);
        else if (Directory.Exists(plan.Directory))
            await ShimRemains.RemoveAsync(plan.CgroupPath, plan.Directory, plan.Runtime, cancellationToken).ConfigureAwait(false);
    }
}
