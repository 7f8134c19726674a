using Suite.Linux.Errors;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Names;
using Suite.Runtime.Shims;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;
using Suite.Runtime.Telemetry;

namespace Suite.Runtime.Containers;

/// <summary>Runs one more process in a running container.</summary>
internal sealed class ExecProcess(Inventory inventory, PodShims shims, ContainerPlanner planner)
{
    /// <summary>How the ids of those begin that nobody listens to: they go on when this service is started again.</summary>
    public const string Background = "background-";

    public async Task<ExecSession> StartAsync(ContainerRecord container, ProcessRequest request, ExecStreams streams, CancellationToken cancellationToken)
    {
        if (request.Command.Count == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "cmd: must not be empty");
        inventory.TryGetPod(container.PodId, out var pod);
        // A shim that does not answer a restart is the only one who knows.
        if (container.State.MayHaveStarted() && pod is { IsReady: true })
            _ = shims.Of(container.PodId);
        if (!container.State.MayExec() || pod is null)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot run {request.Command[0]} in container {container.Name}: it is {container.State.Word()}, and must be running");
        using var span = Spans.Start("exec in shim", container.Id);
        var execId = (streams is { Input: false, Output: false, Error: false } ? Background : "") + IdGenerator.Short(IdGenerator.New());
        var plan = planner.PlanProcess(container, pod, request, execId);
        cancellationToken.ThrowIfCancellationRequested();
        return await shims.Of(container.PodId).ExecAsync(container.Id, execId, plan, streams, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Kills the process and what it started; the container goes on.</summary>
    public async Task KillAsync(ContainerRecord container, ExecSession session)
    {
        try
        {
            if (shims.Find(container.PodId) is { } shim)
                await shim.SignalExecAsync(container.Id, session.Id, SignalNumbers.Kill, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SuiteException gone) when (gone.Kind is ErrorKind.NotFound or ErrorKind.Unavailable or ErrorKind.FailedPrecondition)
        {
            // Ended with its container.
        }
    }
}
