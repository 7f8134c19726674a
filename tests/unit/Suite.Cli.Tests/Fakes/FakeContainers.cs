using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;

namespace Suite.Cli.Tests.Fakes;

/// <summary>A runtime that remembers what it was asked and answers what a test set.</summary>
internal sealed class FakeContainers : Containers.ContainersBase
{
    public const string Id = "0123456789abcdef0123456789abcdef";

    private readonly TaskCompletionSource _started = new();

    public List<string> Calls { get; } = [];

    public List<ContainerInfo> All { get; } = [];

    public ContainerSpec? Spec { get; private set; }

    public FakeImages? Images { get; set; }

    public Status? StartFailure { get; set; }

    public List<(Suite.Container.V1.Stream Stream, string Text)> Says { get; } = [];

    public int ExitCode { get; set; }

    /// <summary>What arrived on standard input.</summary>
    public string Input { get; private set; } = "";

    public List<LogEntry> Log { get; } = [];

    public string? TraceParent { get; private set; }

    public override Task<CreateResponse> Create(CreateRequest request, ServerCallContext context)
    {
        Calls.Add("create");
        Spec = request.Spec;
        if (Images is { } images && !images.Here.Contains(request.Spec.Image))
            throw new RpcException(new Status(StatusCode.NotFound, $"there is no image {request.Spec.Image} here"));
        return Task.FromResult(new CreateResponse { Id = Id, Name = "happy_fox" });
    }

    public override Task<StartResponse> Start(StartRequest request, ServerCallContext context)
    {
        Calls.Add($"start {request.Container}");
        if (StartFailure is { } failure)
            throw new RpcException(failure);
        _started.TrySetResult();
        return Task.FromResult(new StartResponse());
    }

    public override async Task Attach(
        IAsyncStreamReader<AttachRequest> requests, IServerStreamWriter<AttachResponse> responses, ServerCallContext context)
    {
        await requests.MoveNext();
        var stdin = requests.Current.Options.Stdin;
        await responses.WriteAsync(new AttachResponse { Attached = true });
        await _started.Task.WaitAsync(context.CancellationToken);
        while (stdin && await requests.MoveNext() && !requests.Current.StdinEnd)
            Input += requests.Current.Stdin.ToStringUtf8();
        foreach (var (stream, text) in Says)
            await responses.WriteAsync(new AttachResponse { Output = new Container.V1.Output { Stream = stream, Data = ByteString.CopyFromUtf8(text) } });
        await responses.WriteAsync(new AttachResponse { ExitCode = ExitCode });
    }

    public override async Task Exec(
        IAsyncStreamReader<ExecRequest> requests, IServerStreamWriter<ExecResponse> responses, ServerCallContext context)
    {
        await requests.MoveNext();
        var options = requests.Current.Options;
        Find(options.Container);
        if (options.Command[0] == "nope")
            throw new RpcException(new Status(StatusCode.NotFound, "there is no command nope in container web"));
        await responses.WriteAsync(new ExecResponse { Started = true });
        var said = ByteString.CopyFromUtf8(string.Join(' ', options.Command) + "\n");
        await responses.WriteAsync(new ExecResponse { Output = new Container.V1.Output { Data = said } });
        await responses.WriteAsync(new ExecResponse { ExitCode = ExitCode });
    }

    public List<ProcessInfo> Processes { get; } = [];

    public override Task<TopResponse> Top(TopRequest request, ServerCallContext context) => Task.FromResult(new TopResponse { Processes = { Processes } });

    public List<Event> Happened { get; } = [];

    public override async Task Events(EventsRequest request, IServerStreamWriter<EventsResponse> responses, ServerCallContext context)
    {
        await responses.WriteAsync(new EventsResponse { Ready = true });
        foreach (var e in Happened)
            await responses.WriteAsync(new EventsResponse { Event = e });
    }

    public override Task<RemoveResponse> Remove(RemoveRequest request, ServerCallContext context)
    {
        Calls.Add($"remove {request.Container}{(request.Force ? " by force" : "")}");
        if (request.Container != Id)
            Find(request.Container);
        return Task.FromResult(new RemoveResponse { Id = request.Container });
    }

    public override Task<StopResponse> Stop(StopRequest request, ServerCallContext context)
    {
        Calls.Add($"stop {request.Container} {(request.HasTimeout ? request.Timeout : "")}".TrimEnd());
        Find(request.Container);
        return Task.FromResult(new StopResponse());
    }

    public override Task<ListResponse> List(ListRequest request, ServerCallContext context)
    {
        TraceParent = context.RequestHeaders.GetValue("traceparent");
        return Task.FromResult(new ListResponse { Containers = { All.Where(c => request.All || c.State == State.Running) } });
    }

    public override Task<InspectResponse> Inspect(InspectRequest request, ServerCallContext context) =>
        Task.FromResult(new InspectResponse { Container = Find(request.Container), Spec = Spec ?? new ContainerSpec() });

    public override async Task Logs(LogsRequest request, IServerStreamWriter<LogsResponse> responses, ServerCallContext context)
    {
        Find(request.Container);
        await responses.WriteAsync(new LogsResponse { Entries = { request.HasTail ? Log.TakeLast((int)request.Tail) : Log } });
    }

    private ContainerInfo Find(string name) => All.FirstOrDefault(c => c.Name == name)
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"there is no container {name}"));
}
