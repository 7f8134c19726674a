using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Peers;
using Suite.Runtime.Shims;
using Suite.Runtime.Store;
using Suite.Runtime.Telemetry;

namespace Suite.Runtime.Pods;

/// <summary>
/// Makes the kernel's part of a pod whose intent is recorded: directory, network, shim, files, namespaces. Network and shim
/// are got at the same time. When a step fails, all before it are taken back, and the pod
/// is not ready; what cannot be taken back is left, marked, to the janitor.
/// </summary>
internal sealed partial class SandboxSetup(
    Inventory inventory, PodShims shims, NetworkPeer network, PodPlaces places, ILogger<SandboxSetup> logger)
{
    /// <returns>The pod, ready and recorded so.</returns>
    public async Task<Pod> SetUpAsync(Pod pod, CancellationToken cancellationToken)
    {
        var undo = new UndoStack();
        try
        {
            var directory = places.DirectoryOf(pod.Id);
            undo.Push($"delete {directory}", () => DeleteAsync(directory));
            Directory.CreateDirectory(directory);

            var (connected, given, shim) = await ConnectAndLaunchAsync(pod, undo, cancellationToken).ConfigureAwait(false);
            PodFiles.Write(directory, connected, given);
            using (Spans.Start("start pod in shim", pod.Id))
                await shim.StartPodAsync(places.PlanOf(connected), cancellationToken).ConfigureAwait(false);

            var ready = inventory.UpdatePod(pod.Id, current => current with
            {
                State = PodState.Ready,
                NetnsPath = connected.NetnsPath,
                Addresses = connected.Addresses,
                Ports = connected.Ports,
                Gateway = connected.Gateway,
                Shim = new ShimReference(places.PlanOf(pod).SocketPath, shim.Pid),
            })!;
            shims.Adopt(pod.Id, shim);
            undo.Commit();
            return ready;
        }
        catch
        {
            var failures = await undo.UndoAsync().ConfigureAwait(false);
            foreach (var failure in failures)
                LeftBehind(pod.Id, failure);
            var after = failures.Count == 0 ? PodState.NotReady : pod.Origin == PodOrigin.Kubernetes ? PodState.Discarding : PodState.Stopping;
            inventory.UpdatePod(pod.Id, current => current with { State = after });
            throw;
        }
    }

    private async Task<(Pod Connected, PodNetwork? Given, ShimConnection Shim)> ConnectAndLaunchAsync(
        Pod pod, UndoStack undo, CancellationToken cancellationToken)
    {
        var attaching = pod.Config.Namespaces.HostNetwork ? null : network.AttachAsync(pod, cancellationToken);
        // Taking it back is right even when the answer never came: the request may have.
        if (attaching is not null)
            undo.Push("detach the network", () => network.DetachAsync(pod.Id, CancellationToken.None));
        var launching = shims.LaunchAsync(cancellationToken);
        undo.Push("end the shim", async () =>
        {
            if (launching.IsCompletedSuccessfully)
                await EndAsync(launching.Result).ConfigureAwait(false);
        });
        await Task.WhenAll(attaching ?? Task.CompletedTask, launching).ConfigureAwait(false);
        if (attaching is null)
            return (pod, null, launching.Result);
        var given = attaching.Result;
        return (pod with { NetnsPath = given.NetnsPath, Addresses = given.Addresses, Ports = given.Ports, Gateway = given.Gateway }, given, launching.Result);
    }

    private static async Task EndAsync(ShimConnection shim)
    {
        await using (shim.ConfigureAwait(false))
        {
            try
            {
                await shim.ShutdownAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (SuiteException gone) when (gone.Kind == ErrorKind.Unavailable)
            {
                // A shim that could not make its pod has ended by itself.
            }
        }
    }

    private static Task DeleteAsync(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "pod {PodId} could not be made, and taking it back failed: {Failure}")]
    private partial void LeftBehind(string podId, string failure);
}
