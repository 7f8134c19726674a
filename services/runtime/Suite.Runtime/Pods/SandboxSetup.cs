using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Peers;
using Suite.Runtime.Shims;
using Suite.Runtime.Store;
using Suite.Runtime.Telemetry;

namespace Suite.Runtime.Pods;

/// <summary>
/// Makes the kernel's part of a pod whose intent is recorded: directory, network, shim, namespaces, files. The network is made
/// while the shim makes everything else. When a step fails, all before it are taken back, and the pod
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

            var (connected, shim) = await ConnectAndStartAsync(pod, directory, undo, cancellationToken).ConfigureAwait(false);

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

    private async Task<(Pod Connected, ShimConnection Shim)> ConnectAndStartAsync(Pod pod, string directory, UndoStack undo, CancellationToken cancellationToken)
    {
        var attaching = pod.Config.Namespaces.HostNetwork ? null : network.AttachAsync(pod, cancellationToken);
        // Taking it back is right even when the answer never came: the request may have.
        if (attaching is not null)
            undo.Push("detach the network", () => network.DetachAsync(pod.Id, CancellationToken.None));
        var starting = LaunchAsync(places.PlanBeforeNetwork(pod), undo, cancellationToken);
        await Task.WhenAll(attaching ?? Task.CompletedTask, starting).ConfigureAwait(false);

        var given = attaching?.Result;
        var connected = given is null ? pod : pod with { NetnsPath = given.NetnsPath, Addresses = given.Addresses, Ports = given.Ports, Gateway = given.Gateway };
        var (shim, started) = starting.Result;
        using (Spans.Start("connect pod in shim", pod.Id))
        {
            var joining = started ? shim.JoinNetworkAsync(connected.NetnsPath!, cancellationToken) : shim.StartPodAsync(places.PlanOf(connected), cancellationToken);
            PodFiles.Write(directory, connected, given);
            await joining.ConfigureAwait(false);
        }

        return (connected, shim);
    }

    /// <summary>A shim, with all of the pod that can be made before its network is there.</summary>
    private async Task<(ShimConnection Shim, bool Started)> LaunchAsync(PodPlan? early, UndoStack undo, CancellationToken cancellationToken)
    {
        var shim = await shims.LaunchAsync(cancellationToken).ConfigureAwait(false);
        undo.Push("end the shim", () => EndAsync(shim));
        if (early is not null)
            await shim.StartPodAsync(early, cancellationToken).ConfigureAwait(false);
        return (shim, early is not null);
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
