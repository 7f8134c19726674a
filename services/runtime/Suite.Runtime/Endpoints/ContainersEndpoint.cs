using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Copies;
using Suite.Runtime.Health;
using Suite.Runtime.Journals;
using Suite.Runtime.Logs;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;
using Suite.Runtime.Processes;
using Suite.Runtime.Restarts;
using Suite.Runtime.Solo;
using Suite.Runtime.Specs;
using Suite.Runtime.Statistics;
using Suite.Runtime.Store;
using Suite.Runtime.Streams;
using Suite.Runtime.Volumes;

namespace Suite.Runtime.Endpoints;

/// <summary>suite.container.v1: the same use cases as CRI's, for people. Each method maps the words and hands on.</summary>
internal sealed partial class ContainersEndpoint(
    Inventory inventory,
    CreateSolo create,
    StopSolo stopSolo,
    KillContainer kill,
    RemoveSolo removeSolo,
    RemoveContainer removeContainer,
    PauseContainer pausing,
    RenameContainer rename,
    UpdateSolo update,
    PruneContainers prune,
    WaitForEnd waiting,
    RestartContainers restarts,
    CheckHealth health,
    ListProcesses processes,
    Func<WatchUsage> newWatch,
    Journal journal,
    CopyOut copyOut,
    CopyIn copyIn,
    AttachCall attach,
    ExecCall exec,
    FollowLogs logs,
    HostFacts host,
    TimeProvider time) : Container.V1.Containers.ContainersBase
{
    public override async Task<CreateResponse> Create(CreateRequest request, ServerCallContext context)
    {
        var container = await create.CreateAsync(request.Spec.ToDomain(), context.CancellationToken).ConfigureAwait(false);
        return new CreateResponse { Id = container.Id, Name = container.Name };
    }

    public override Task<ListResponse> List(ListRequest request, ServerCallContext context)
    {
        var response = new ListResponse();
        response.Containers.AddRange(inventory.Containers
            .Where(container => container.IsVisible && (request.All || container.State == ContainerState.Running || restarts.IsPending(container.Id)))
            .OrderByDescending(container => container.CreatedAt)
            .Select(Describe));
        return Task.FromResult(response);
    }

    public override Task<InspectResponse> Inspect(InspectRequest request, ServerCallContext context)
    {
        var container = inventory.AnyContainer(request.Container);
        var response = new InspectResponse { Container = Describe(container), Spec = container.Solo?.ToMessage() };
        response.Mounts.AddRange(container.Config.Mounts.Select(SoloMessages.ToInfo));
        SoloMessages.FillWithImage(response, container);
        SoloMessages.Fill(response, health.HistoryOf(container));
        return Task.FromResult(response);
    }

    public override Task Attach(
        IAsyncStreamReader<AttachRequest> requestStream, IServerStreamWriter<AttachResponse> responseStream, ServerCallContext context) =>
        attach.RunAsync(requestStream, responseStream, context.CancellationToken);

    public override Task Exec(
        IAsyncStreamReader<ExecRequest> requestStream, IServerStreamWriter<ExecResponse> responseStream, ServerCallContext context) =>
        exec.RunAsync(requestStream, responseStream, context.CancellationToken);

    public override async Task Logs(LogsRequest request, IServerStreamWriter<LogsResponse> responseStream, ServerCallContext context)
    {
        var query = new LogQuery(request.Follow, request.HasTail ? request.Tail : null, request.Since, request.Until);
        await foreach (var lines in logs.ReadAsync(inventory.AnyContainer(request.Container), query, context.CancellationToken).ConfigureAwait(false))
        {
            var response = new LogsResponse();
            response.Entries.AddRange(lines.Select(line => new LogEntry
            {
                Timestamp = line.Timestamp,
                Stream = line.IsError ? Container.V1.Stream.Stderr : Container.V1.Stream.Stdout,
                Line = UnsafeByteOperations.UnsafeWrap(line.Text),
            }));
            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<InfoResponse> Info(InfoRequest request, ServerCallContext context) => Task.FromResult(host.Describe());

    private ContainerInfo Describe(ContainerRecord container)
    {
        var info = container.ToInfo(inventory.TryGetPod(container.PodId, out Pod? pod) ? pod : null);
        if (restarts.IsPending(container.Id) && info.State == State.Exited)
            info.State = State.Restarting;
        info.Health = health.Of(container);
        return info;
    }
}
