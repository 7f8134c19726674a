using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Shims;

namespace Suite.Runtime.Streams;

/// <summary>
/// Those who attached to a container before its start. There is nothing to connect to then, as a created container holds
/// nothing in the kernel; the start connects them before the program runs, so that not a byte is lost.
/// </summary>
internal sealed class PendingAttachments(ExitWaits waits)
{
    private readonly Lock _guard = new();
    private readonly Dictionary<string, List<Pending>> _pending = [];

    /// <summary>Registered when this returns; the streams come with the start.</summary>
    /// <param name="size">Of the terminal that the caller sits at; null: none.</param>
    public Task<Attachment> Register(string containerId, bool input, TerminalSize? size, CancellationToken cancellationToken)
    {
        var pending = new Pending(input, size);
        lock (_guard)
        {
            if (!_pending.TryGetValue(containerId, out var list))
                _pending[containerId] = list = [];
            list.Add(pending);
        }
        cancellationToken.Register(() => pending.Streams.TrySetCanceled(cancellationToken));
        return pending.Streams.Task;
    }

    /// <summary>That of the last who registered with one: the program is to find it when it starts. Null: nobody has.</summary>
    public TerminalSize? SizeFor(string containerId)
    {
        lock (_guard)
            return _pending.TryGetValue(containerId, out var list) ? list.Select(pending => pending.Size).LastOrDefault(size => size is not null) : null;
    }

    public async Task ConnectAsync(ContainerRecord container, ShimConnection shim)
    {
        foreach (var pending in Take(container.Id))
        {
            if (pending.Streams.Task.IsCompleted)
                continue;
            var streams = await shim.AttachAsync(container.Id, pending.Input, CancellationToken.None).ConfigureAwait(false);
            // Taken now: a program that ends at once, in a container that goes with it, leaves nobody to ask later.
            if (!pending.Streams.TrySetResult(new Attachment(streams, waits.EndOf(container))))
                await streams.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The container is being removed: there will be no start.</summary>
    public void Abandon(ContainerRecord container)
    {
        foreach (var pending in Take(container.Id))
            pending.Streams.TrySetException(new SuiteException(ErrorKind.NotFound, $"container {container.Name} was removed before it was started"));
    }

    private List<Pending> Take(string containerId)
    {
        lock (_guard)
            return _pending.Remove(containerId, out var list) ? list : [];
    }

    private sealed record Pending(bool Input, TerminalSize? Size)
    {
        public TaskCompletionSource<Attachment> Streams { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>A container's live streams, and its end.</summary>
internal sealed record Attachment(AttachedStreams Streams, Task<ContainerRecord> End);
