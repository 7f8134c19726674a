using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Suite.Cli.Endpoints;
using Suite.Container.V1;
using Suite.Network.V1;

namespace Suite.Cli.Happenings;

/// <summary>What happens in all services, as one stream in the order of time.</summary>
internal sealed class HappeningStreams(ServiceClients services, long since, long until)
{
    // What services tell at the same time arrives in any order: each waits so long for one that is older.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Happening> _heard = Channel.CreateBounded<Happening>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly ConcurrentDictionary<string, ContainerInfo> _containers = [];

    /// <param name="types">Those that are wanted: nobody else is asked.</param>
    /// <param name="tell">Gets them one after the other.</param>
    public async Task RunAsync(IReadOnlySet<string> types, Func<Happening, Task> tell, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> listening = [];
        if (types.Contains("container") || types.Contains("volume"))
            listening.Add(ContainersAsync(ending.Token));
        // What is made of a container's files happens where they are kept.
        if (types.Contains("image") || types.Contains("container"))
            listening.Add(ImagesAsync(ending.Token));
        if (types.Contains("network"))
            listening.Add(NetworksAsync(ending.Token));
        var ended = EndAsync(listening);
        try
        {
            await TellAsync(tell, cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await ended;
        }
    }

    /// <summary>The first that fails ends all: half of what happens would look like the whole.</summary>
    private async Task EndAsync(List<Task> listening)
    {
        Exception? failure = null;
        while (listening.Count > 0)
        {
            var ended = await Task.WhenAny(listening);
            listening.Remove(ended);
            failure ??= ended.Exception?.InnerException ?? (ended.IsCanceled ? new OperationCanceledException() : null);
            if (failure is not null)
                _heard.Writer.TryComplete(failure);
        }

        _heard.Writer.TryComplete();
    }

    private async Task TellAsync(Func<Happening, Task> tell, CancellationToken cancellationToken)
    {
        var waiting = new PriorityQueue<Happening, long>();
        while (await _heard.Reader.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(Patience, cancellationToken);
            while (_heard.Reader.TryRead(out var happened))
                waiting.Enqueue(happened, happened.At);
            while (waiting.TryDequeue(out var next, out _))
                await tell(next);
        }
    }

    private async Task ContainersAsync(CancellationToken cancellationToken)
    {
        using var call = services.Containers.Events(new EventsRequest { Since = since, Until = until }, cancellationToken: cancellationToken);
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (response.Event is { } e)
                await HearAsync(new Happening(e.At, e.Type, e.Action, e.Id, e.Attributes.ToDictionary()), cancellationToken);
        }
    }

    private async Task ImagesAsync(CancellationToken cancellationToken)
    {
        using var call = services.Images.WatchEvents(new Graph.V1.WatchEventsRequest { Since = since, Until = until }, cancellationToken: cancellationToken);
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (response.Event is { } e)
                await HearAsync(e.Action is "commit" or "export" ? await OfContainerAsync(e, cancellationToken) : new Happening(e.At, "image", e.Action, e.Id, e.Attributes.ToDictionary()), cancellationToken);
        }
    }

    private async Task NetworksAsync(CancellationToken cancellationToken)
    {
        using var call = services.Network.WatchEvents(new WatchEventsRequest { Since = since, Until = until }, cancellationToken: cancellationToken);
        await foreach (var e in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            var action = e.Kind switch
            {
                EventKind.NetworkCreated => "create",
                EventKind.NetworkRemoved => "destroy",
                EventKind.Attached or EventKind.Connected => "connect",
                EventKind.Detached or EventKind.Disconnected => "disconnect",
                _ => "",
            };
            if (action.Length == 0)
                continue;
            foreach (var network in e.Networks)
            {
                var attributes = network.Labels.ToDictionary();
                (attributes["name"], attributes["type"]) = (network.Name, network.Driver);
                if (e.SandboxId.Length > 0)
                    attributes["container"] = (await FindAsync(e.SandboxId, cancellationToken))?.Id ?? e.SandboxId;
                await HearAsync(new Happening(e.At, "network", action, network.Id, attributes), cancellationToken);
            }
        }
    }

    /// <summary>The image service knows a container by its id alone: what else its events have is added here.</summary>
    private async Task<Happening> OfContainerAsync(Graph.V1.ImageEvent e, CancellationToken cancellationToken)
    {
        var attributes = e.Attributes.ToDictionary();
        if (await FindAsync(e.Id, cancellationToken) is { } container)
        {
            foreach (var (label, value) in container.Labels)
                attributes.TryAdd(label, value);
            (attributes["name"], attributes["image"]) = (container.Name, container.Image);
        }

        return new Happening(e.At, "container", e.Action, e.Id, attributes);
    }

    /// <param name="reference">An id, or that of a sandbox, which is what networks know; of one that is gone already nobody knows more.</param>
    private async Task<ContainerInfo?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        if (!_containers.ContainsKey(reference))
        {
            foreach (var container in (await services.Containers.ListAsync(new Container.V1.ListRequest { All = true }, cancellationToken: cancellationToken)).Containers)
                (_containers[container.Id], _containers[container.SandboxId]) = (container, container);
        }

        return _containers.GetValueOrDefault(reference);
    }

    private ValueTask HearAsync(Happening happened, CancellationToken cancellationToken) => _heard.Writer.WriteAsync(happened, cancellationToken);
}
