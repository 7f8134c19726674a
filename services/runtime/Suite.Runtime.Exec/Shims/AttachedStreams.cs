namespace Suite.Runtime.Exec.Shims;

/// <summary>
/// The live standard streams of a container. Output ends when the process has ended, or when this side reads so slowly that
/// the shim gives it up in order not to hold back the container.
/// </summary>
public sealed class AttachedStreams : IAsyncDisposable
{
    internal AttachedStreams(Stream? input, Stream? output, Stream? error)
    {
        Input = input;
        Output = output;
        Error = error;
    }

    /// <summary>Null unless asked for and kept open by the container. Disposing it does not end the container's input:
    /// <see cref="ShimConnection.CloseInputAsync"/> does.</summary>
    public Stream? Input { get; }

    /// <summary>Standard output, or all that a terminal shows.</summary>
    public Stream? Output { get; }

    /// <summary>Null with a terminal.</summary>
    public Stream? Error { get; }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in new[] { Input, Output, Error })
        {
            if (stream is not null)
                await stream.DisposeAsync();
        }
    }
}
