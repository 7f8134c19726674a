using System.IO.Pipelines;

namespace Suite.Runtime.Streaming;

/// <summary>The other end of a process's standard streams, whatever protocol they travel in.</summary>
internal abstract class RemoteStreams
{
    /// <summary>How long a client may take to close after it was told the end.</summary>
    protected static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    /// <summary>What the client types; null: nothing is wanted of it.</summary>
    public required PipeReader? Input { get; init; }

    /// <summary>The client's window, as JSON; null: no terminal.</summary>
    public required PipeReader? Sizes { get; init; }

    /// <summary>Cancelled when the client is gone, or silent for too long.</summary>
    public abstract CancellationToken Gone { get; }

    /// <summary>One at a time. Returns when the connection has taken it: a client that does not read holds its process back.</summary>
    public abstract Task WriteAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Says the end, closes every stream, and waits until the client has closed too, so that the last bytes reach it.</summary>
    public abstract Task EndAsync(StreamEnd end, CancellationToken cancellationToken);
}
