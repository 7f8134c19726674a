using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Logs;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;
using Suite.Runtime.Solo;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;
using Suite.Runtime.Streams;

namespace Suite.Runtime.Endpoints;

/// <summary>suite.container.v1: the same use cases as CRI's, for people. Each method maps the words and hands on.</summary>
internal sealed class ContainersEndpoint(
    Inventory inventory,
    CreateSolo create,
    StartSolo startSolo,
    StartContainer startContainer,
    StopContainer stop,
    KillContainer kill,
    RemoveSolo removeSolo,
    RemoveContainer removeContainer,
    ExitWaits waits,
    AttachCall attach,
    ExecCall exec,
    FollowLogs logs,
    HostFacts host) : Container.V1.Containers.ContainersBase
{
    private const uint DefaultGrace = 10;

    public override async Task<CreateResponse> Create(CreateRequest request, ServerCallContext context)
    {
        var container = await create.CreateAsync(request.Spec.ToDomain(), context.CancellationToken).ConfigureAwait(false);
        return new CreateResponse { Id = container.Id, Name = container.Name };
    }

    public override async Task<StartResponse> Start(StartRequest request, ServerCallContext context)
    {
        var container = inventory.AnyContainer(request.Container);
        if (container.Solo is not null)
            await startSolo.StartAsync(container.Id, context.CancellationToken).ConfigureAwait(false);
        else if (container.State != ContainerState.Running)
            await startContainer.StartAsync(container.Id, context.CancellationToken).ConfigureAwait(false);
        return new StartResponse();
    }

    public override async Task<StopResponse> Stop(StopRequest request, ServerCallContext context)
    {
        var grace = TimeSpan.FromSeconds(request.HasTimeout ? request.Timeout : DefaultGrace);
        await stop.StopAsync(inventory.AnyContainer(request.Container).Id, grace, context.CancellationToken).ConfigureAwait(false);
        return new StopResponse();
    }

    public override async Task<KillResponse> Kill(KillRequest request, ServerCallContext context)
    {
        var signal = request.Signal.Length == 0 ? SignalNumbers.Kill : SignalNumbers.Parse(request.Signal, "signal");
        await kill.KillAsync(inventory.AnyContainer(request.Container), signal, context.CancellationToken).ConfigureAwait(false);
        return new KillResponse();
    }

    public override async Task<RemoveResponse> Remove(RemoveRequest request, ServerCallContext context)
    {
        var container = inventory.AnyContainer(request.Container);
        if (container.Solo is not null)
            await removeSolo.RemoveAsync(container, request.Force, context.CancellationToken).ConfigureAwait(false);
        else if (request.Force || !container.State.MayHaveProcess())
            await removeContainer.RemoveAsync(container.Id, context.CancellationToken).ConfigureAwait(false);
        else
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot remove container {container.Name}: it is {container.State.Word()} in a pod of Kubernetes; force the removal if you mean it");
        return new RemoveResponse { Id = container.Id };
    }

    public override async Task<WaitResponse> Wait(WaitRequest request, ServerCallContext context)
    {
        var end = waits.EndOf(inventory.AnyContainer(request.Container));
        var ended = await end.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        return new WaitResponse { ExitCode = ended.ExitCode };
    }

    public override Task<ListResponse> List(ListRequest request, ServerCallContext context)
    {
        var response = new ListResponse();
        response.Containers.AddRange(inventory.Containers
            .Where(container => container.IsVisible && (request.All || container.State == ContainerState.Running))
            .OrderByDescending(container => container.CreatedAt)
            .Select(Describe));
        return Task.FromResult(response);
    }

    public override Task<InspectResponse> Inspect(InspectRequest request, ServerCallContext context)
    {
        var container = inventory.AnyContainer(request.Container);
        return Task.FromResult(new InspectResponse { Container = Describe(container), Spec = container.Solo?.ToMessage() });
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

    private ContainerInfo Describe(ContainerRecord container) =>
        container.ToInfo(inventory.TryGetPod(container.PodId, out Pod? pod) ? pod : null);
}
