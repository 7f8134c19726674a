using Grpc.Core;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;

namespace Suite.Runtime.Endpoints;

/// <content>The calls that change what a container does.</content>
internal sealed partial class ContainersEndpoint
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    public override async Task<StartResponse> Start(StartRequest request, ServerCallContext context)
    {
        await stopSolo.StartAsync(inventory.AnyContainer(request.Container), context.CancellationToken).ConfigureAwait(false);
        return new StartResponse();
    }

    public override async Task<StopResponse> Stop(StopRequest request, ServerCallContext context)
    {
        var grace = request.HasTimeout ? TimeSpan.FromSeconds(request.Timeout) : default(TimeSpan?);
        await stopSolo.StopAsync(inventory.AnyContainer(request.Container), grace, SignalOf(request.Signal), context.CancellationToken).ConfigureAwait(false);
        return new StopResponse();
    }

    public override async Task<RestartResponse> Restart(RestartRequest request, ServerCallContext context)
    {
        var grace = request.HasTimeout ? TimeSpan.FromSeconds(request.Timeout) : default(TimeSpan?);
        await stopSolo.RestartAsync(inventory.AnyContainer(request.Container), grace, SignalOf(request.Signal), context.CancellationToken).ConfigureAwait(false);
        return new RestartResponse();
    }

    private static int? SignalOf(string text) => text.Length == 0 ? null : SignalNumbers.Parse(text, "signal");

    public override async Task<KillResponse> Kill(KillRequest request, ServerCallContext context)
    {
        var container = inventory.AnyContainer(request.Container);
        var signal = request.Signal.Length == 0 ? SignalNumbers.Kill : SignalNumbers.Parse(request.Signal, "signal");
        // A signal that ends it is a stop; any other is a message to it.
        if (signal == SignalNumbers.Kill || signal == container.StopSignal)
            stopSolo.MarkStopped(container);
        await kill.KillAsync(container, signal, context.CancellationToken).ConfigureAwait(false);
        // What cannot be caught is an end: who removes the container next finds it ended.
        if (signal == SignalNumbers.Kill)
            await EndedAsync(container, context.CancellationToken).ConfigureAwait(false);
        return new KillResponse();
    }

    private async Task EndedAsync(ContainerRecord container, CancellationToken cancellationToken)
    {
        try
        {
            await waiting.WaitAsync(container, WaitUntil.NotRunning, cancellationToken).WaitAsync(KillPatience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A process of it hangs in the kernel: the signal is sent, which is what was asked for.
        }
    }

    public override async Task<RemoveResponse> Remove(RemoveRequest request, ServerCallContext context)
    {
        var container = inventory.AnyContainer(request.Container);
        if (container.Solo is not null)
        {
            if (request.Force || !container.State.MayHaveProcess())
                stopSolo.MarkStopped(container);
            await removeSolo.RemoveAsync(container, request.Force, request.Volumes, context.CancellationToken).ConfigureAwait(false);
        }
        else if (request.Force || !container.State.MayHaveProcess())
            await removeContainer.RemoveAsync(container.Id, context.CancellationToken).ConfigureAwait(false);
        else
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot remove container {container.Name}: it is {container.State.Word()} in a pod of Kubernetes; force the removal if you mean it");
        return new RemoveResponse { Id = container.Id };
    }

    public override async Task<PauseResponse> Pause(PauseRequest request, ServerCallContext context)
    {
        await pausing.PauseAsync(inventory.AnyContainer(request.Container).Id, context.CancellationToken).ConfigureAwait(false);
        return new PauseResponse();
    }

    public override async Task<ResumeResponse> Resume(ResumeRequest request, ServerCallContext context)
    {
        await pausing.ResumeAsync(inventory.AnyContainer(request.Container).Id, context.CancellationToken).ConfigureAwait(false);
        return new ResumeResponse();
    }

    public override async Task<RenameResponse> Rename(RenameRequest request, ServerCallContext context)
    {
        if (request.Name.Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "name: must not be empty");
        await rename.RenameAsync(inventory.AnyContainer(request.Container), SoloMapping.NameOf(request.Name, "name"), context.CancellationToken).ConfigureAwait(false);
        return new RenameResponse();
    }

    public override async Task<UpdateResponse> Update(UpdateRequest request, ServerCallContext context)
    {
        await update.UpdateAsync(
            inventory.AnyContainer(request.Container),
            request.Resources is { } resources ? SoloOptions.Limits(resources) : null,
            request.Restart is { } restart ? SoloOptions.Restart(restart, autoRemove: false) : null,
            context.CancellationToken).ConfigureAwait(false);
        return new UpdateResponse();
    }

    public override async Task<WaitResponse> Wait(WaitRequest request, ServerCallContext context)
    {
        var ended = await waiting.WaitAsync(inventory.AnyContainer(request.Container), (WaitUntil)request.Condition, context.CancellationToken).ConfigureAwait(false);
        return new WaitResponse { ExitCode = ended.ExitCode };
    }

    public override async Task<PruneResponse> Prune(PruneRequest request, ServerCallContext context)
    {
        var (ids, bytes) = await prune.PruneAsync(request.Until, [.. request.Labels], context.CancellationToken).ConfigureAwait(false);
        return new PruneResponse { Ids = { ids }, ReclaimedBytes = bytes };
    }
}
