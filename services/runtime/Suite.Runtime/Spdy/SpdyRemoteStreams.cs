using System.Text;
using Suite.Linux.Errors;
using Suite.Runtime.Streaming;

namespace Suite.Runtime.Spdy;

/// <summary>A process's streams over SPDY: one stream each, named by a header.</summary>
internal sealed class SpdyRemoteStreams : RemoteStreams
{
    private const string Error = "error", StandardInput = "stdin", Output = "stdout", ErrorOutput = "stderr", Resize = "resize";
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(30);

    private readonly SpdySession _session;
    private readonly StreamProtocol _protocol;
    private readonly IReadOnlyDictionary<string, SpdyStream> _streams;
    private readonly Task _connection;

    private SpdyRemoteStreams(SpdySession session, StreamProtocol protocol, IReadOnlyDictionary<string, SpdyStream> streams, Task connection) =>
        (_session, _protocol, _streams, _connection) = (session, protocol, streams, connection);

    public override CancellationToken Gone => _session.Gone;

    /// <summary>Waits until the client has opened every stream that was asked for.</summary>
    /// <param name="session">Running already.</param>
    /// <param name="connection">Ends with it.</param>
    public static async Task<SpdyRemoteStreams> OpenAsync(
        SpdySession session, StreamProtocol protocol, WantedStreams wanted, Task connection, TimeProvider time)
    {
        var missing = Names(wanted, protocol).ToHashSet();
        var open = new Dictionary<string, SpdyStream>();
        using var patience = new CancellationTokenSource(OpenPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, session.Gone);
        try
        {
            while (missing.Count > 0)
            {
                var stream = await session.Accepted.ReadAsync(either.Token).ConfigureAwait(false);
                var name = stream.Header("streamtype") ?? "";
                if (missing.Remove(name))
                    open.Add(name, stream);
                else
                    await stream.ResetAsync(ResetReason.RefusedStream, either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            throw new SuiteException(ErrorKind.DeadlineExceeded, $"the client did not open the streams {string.Join(", ", missing)}", over);
        }
        return new SpdyRemoteStreams(session, protocol, open, connection)
        {
            Input = open.GetValueOrDefault(StandardInput)?.Input,
            Sizes = open.GetValueOrDefault(Resize)?.Input,
        };
    }

    public override Task WriteAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        _streams[isError ? ErrorOutput : Output].WriteAsync(data, cancellationToken);

    public override async Task EndAsync(StreamEnd end, CancellationToken cancellationToken)
    {
        var said = _protocol.HasStatus ? end.ToJson() : Encoding.UTF8.GetBytes(end.ToText());
        if (said.Length > 0)
            await _streams[Error].WriteAsync(said, cancellationToken).ConfigureAwait(false);
        foreach (var stream in _streams.Values)
            await stream.EndAsync(cancellationToken).ConfigureAwait(false);
        await _connection.WaitAsync(Farewell, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static IEnumerable<string> Names(WantedStreams wanted, StreamProtocol protocol)
    {
        yield return Error;
        if (wanted.Input)
            yield return StandardInput;
        if (wanted.Output)
            yield return Output;
        if (wanted.Error)
            yield return ErrorOutput;
        if (wanted.Terminal && protocol.HasSizes)
            yield return Resize;
    }
}
