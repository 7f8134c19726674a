using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Journals;
using Suite.Runtime.Statistics;
using Suite.Runtime.Store;

namespace Suite.Runtime.Endpoints;

/// <content>The calls that look at what containers do, and into their files.</content>
internal sealed partial class ContainersEndpoint
{
    private static readonly TimeSpan StatsInterval = TimeSpan.FromSeconds(1);

    public override Task<TopResponse> Top(TopRequest request, ServerCallContext context)
    {
        var container = inventory.AnyContainer(request.Container);
        var response = new TopResponse();
        response.Processes.AddRange(processes.Of(container).Select(process => new ProcessInfo
        {
            Pid = process.Pid,
            ParentPid = process.ParentPid,
            Uid = process.User,
            StartedAt = process.StartedAt,
            CpuNanoseconds = process.CpuNanoseconds,
            ResidentBytes = process.ResidentBytes,
            State = process.State,
            Command = { process.Command },
            Terminal = process.Terminal,
        }));
        journal.Record(container, Actions.Top);
        return Task.FromResult(response);
    }

    public override async Task Stats(StatsRequest request, IServerStreamWriter<StatsResponse> responseStream, ServerCallContext context)
    {
        var watch = newWatch();
        using var timer = new PeriodicTimer(StatsInterval, time);
        while (true)
        {
            var chosen = request.Containers.Count > 0
                ? request.Containers.Select(inventory.AnyContainer)
                : inventory.Containers.Where(container => container.State == ContainerState.Running).OrderBy(container => container.CreatedAt);
            var response = new StatsResponse();
            response.Containers.AddRange((await watch.LookAsync(chosen, context.CancellationToken).ConfigureAwait(false)).Select(Describe));
            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
            if (request.Once)
                return;
            await timer.WaitForNextTickAsync(context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override Task Events(EventsRequest request, IServerStreamWriter<EventsResponse> responseStream, ServerCallContext context) => journal.TellAsync(
        request.Since, request.Until, () => responseStream.WriteAsync(new EventsResponse { Ready = true }),
        happening => responseStream.WriteAsync(ToMessage(happening), context.CancellationToken), context.CancellationToken);

    public override async Task CopyOut(CopyOutRequest request, IServerStreamWriter<CopyOutResponse> responseStream, ServerCallContext context)
    {
        await using var archive = new ArchiveWriter(bytes => responseStream.WriteAsync(new CopyOutResponse { Archive = bytes }, context.CancellationToken));
        await copyOut.CopyAsync(
            inventory.AnyContainer(request.Container),
            Rooted(request.Path),
            request.Follow,
            path => responseStream.WriteAsync(new CopyOutResponse
            {
                Info = new PathInfo
                {
                    Name = path.Name,
                    Directory = path.Status.IsDirectory,
                    Size = path.Status.Size,
                    Mode = (uint)(path.Status.Mode & 0xfff),
                    ModifiedAt = path.ModifiedAt,
                    LinkTarget = path.LinkTarget,
                },
            }, context.CancellationToken),
            archive,
            context.CancellationToken).ConfigureAwait(false);
    }

    public override async Task<CopyInResponse> CopyIn(IAsyncStreamReader<CopyInRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false) || requestStream.Current.Options is not { } options)
            throw new SuiteException(ErrorKind.InvalidArgument, "options: must come first, and name the container");
        await using var archive = new ArchiveReader(async token =>
            await requestStream.MoveNext(token).ConfigureAwait(false) ? requestStream.Current.Archive.Memory : ReadOnlyMemory<byte>.Empty);
        await copyIn.CopyAsync(inventory.AnyContainer(options.Container), Rooted(options.Path), options.ToRoot, archive, context.CancellationToken).ConfigureAwait(false);
        return new CopyInResponse();
    }

    private static EventsResponse ToMessage(Happening happening)
    {
        var message = new Event { At = happening.At, Type = happening.Type, Action = happening.Action, Id = happening.Id };
        foreach (var (name, value) in happening.Attributes)
            message.Attributes[name] = value;
        return new EventsResponse { Event = message };
    }

    private static string Rooted(string path) =>
        path.Length > 0 ? Path.Combine("/", path) : throw new SuiteException(ErrorKind.InvalidArgument, "path: must not be empty");

    private static ContainerUsage Describe(UsageLine line)
    {
        var usage = new ContainerUsage
        {
            Id = line.Container.Id,
            Name = line.Container.Name,
            At = line.At,
            CpuNanoseconds = line.Usage?.Cpu.UsageNanoseconds ?? 0,
            MemoryBytes = line.Usage?.Memory.WorkingSet ?? 0,
            MemoryLimitBytes = line.Usage?.Memory.Limit ?? 0,
            Pids = line.Usage?.Tasks ?? 0,
            NetworkReceivedBytes = line.ReceivedBytes,
            NetworkSentBytes = line.SentBytes,
            BlockReadBytes = line.ReadBytes,
            BlockWrittenBytes = line.WrittenBytes,
        };
        if (line.CpuRate is { } rate)
            usage.CpuRate = rate;
        return usage;
    }
}
