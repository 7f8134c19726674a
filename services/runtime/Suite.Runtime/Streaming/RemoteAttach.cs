using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Shims;
using Suite.Runtime.Store;

namespace Suite.Runtime.Streaming;

/// <summary>CRI's Attach, once the client has connected. The container goes on when the client leaves.</summary>
internal sealed class RemoteAttach(Inventory inventory, PodShims shims, ExitWaits waits, TimeProvider time)
{
    public async Task<StreamEnd> RunAsync(AttachStreamRequest request, RemoteStreams remote)
    {
        try
        {
            var container = inventory.KubernetesContainer(request.ContainerId);
            if (container.State != ContainerState.Running)
                return new StreamEnd(null, $"cannot attach to container {container.Name}: it is {container.State.Word()}, and must be running");
            var end = waits.EndOf(container);
            var shim = shims.Of(container.PodId);
            await using var streams = await shim.AttachAsync(container.Id, request.Streams.Input, remote.Gone).ConfigureAwait(false);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(remote.Gone);
            var feeding = Task.WhenAll(
                ProcessCarrier.CarryInputAsync(remote.Input, streams.Input, () => EndInputAsync(container, streams.Input), over.Token),
                ProcessCarrier.CarrySizesAsync(remote.Sizes, size => shim.ResizeAsync(container.Id, null, size, over.Token), over.Token));
            using var pump = ProcessCarrier.OutputTo(remote, request.Streams, time);
            await pump.PumpAsync(streams.Output, streams.Error, remote.Gone).ConfigureAwait(false);
            // Given up by the shim as too slow a reader, the container may still run: only its end is waited for.
            await end.WaitAsync(remote.Gone).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(false);
            return StreamEnd.Success;
        }
        catch (SuiteException failure)
        {
            return new StreamEnd(null, failure.Message);
        }
    }

    // kubectl run -i: the container was promised one client's input, and that has ended. Any other container keeps its input
    // open for the next client, while this one goes on reading.
    private async Task EndInputAsync(ContainerRecord container, Stream? input)
    {
        if (!container.Config.StdinOnce || input is null)
            return;
        await input.DisposeAsync().ConfigureAwait(false);
        await shims.Of(container.PodId).CloseInputAsync(container.Id, CancellationToken.None).ConfigureAwait(false);
    }
}
