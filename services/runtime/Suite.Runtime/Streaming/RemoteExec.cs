using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Shims;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;

namespace Suite.Runtime.Streaming;

/// <summary>CRI's Exec, once the client has connected. The process ends with the connection.</summary>
internal sealed class RemoteExec(Inventory inventory, PodShims shims, ExecProcess exec, TimeProvider time)
{
    public async Task<StreamEnd> RunAsync(ExecStreamRequest request, RemoteStreams remote)
    {
        try
        {
            var container = inventory.KubernetesContainer(request.ContainerId);
            var process = new ProcessRequest(request.Command) { Tty = request.Streams.Terminal };
            await using var session = await exec.StartAsync(container, process, new ExecStreams { Input = request.Streams.Input }, remote.Gone).ConfigureAwait(false);
            try
            {
                return await CarryAsync(container, session, request.Streams, remote).ConfigureAwait(false);
            }
            catch
            {
                await exec.KillAsync(container, session).ConfigureAwait(false);
                throw;
            }
        }
        catch (SuiteException failure)
        {
            return new StreamEnd(null, failure.Message);
        }
    }

    private async Task<StreamEnd> CarryAsync(ContainerRecord container, ExecSession session, WantedStreams wanted, RemoteStreams remote)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(remote.Gone);
        var feeding = Task.WhenAll(
            ProcessCarrier.CarryInputAsync(remote.Input, session.Input, async () => await (session.Input?.DisposeAsync() ?? default).ConfigureAwait(false), over.Token),
            ProcessCarrier.CarrySizesAsync(remote.Sizes, size => shims.Of(container.PodId).ResizeAsync(container.Id, session.Id, size, over.Token), over.Token));
        using var pump = ProcessCarrier.OutputTo(remote, wanted, time);
        var pumping = pump.PumpAsync(session.Output, session.Error, over.Token);
        var status = await session.Exited.WaitAsync(remote.Gone).ConfigureAwait(false);
        await pump.DrainAsync(pumping, remote.Gone).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await feeding.ConfigureAwait(false);
        await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new StreamEnd(status.Code, "");
    }
}
