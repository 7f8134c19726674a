using System.Globalization;
using System.Text;
using Suite.Runtime.Spdy;
using Suite.Runtime.Streaming;

namespace Suite.Runtime.PortForwards;

/// <summary>
/// Port forwarding over one SPDY session: for each connection the client opens an error stream and a data stream, which belong
/// together by their request id, or, of old clients, by their numbers.
/// </summary>
internal sealed class SpdyForward(PodDialer dialer, TimeProvider time)
{
    private static readonly TimeSpan PairPatience = TimeSpan.FromSeconds(30);

    /// <summary>Until the client has gone, and every connection with it.</summary>
    public async Task RunAsync(PortForwardRequest request, SpdySession session)
    {
        var halves = new Dictionary<string, (SpdyStream Stream, DateTimeOffset Since)>();
        var carried = new List<Task>();
        await foreach (var stream in session.Accepted.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await DropOldAsync(halves, session.Gone).ConfigureAwait(false);
            carried.RemoveAll(task => task.IsCompleted);
            if (PortOf(stream) is not { } port || KeyOf(stream) is not { } key)
                await ResetAsync(stream, session.Gone).ConfigureAwait(false);
            else if (!halves.Remove(key, out var other))
                halves.Add(key, (stream, time.GetUtcNow()));
            else if (IsData(stream) == IsData(other.Stream) || PortOf(other.Stream) != port)
                await Task.WhenAll(ResetAsync(stream, session.Gone), ResetAsync(other.Stream, session.Gone)).ConfigureAwait(false);
            else
                carried.Add(CarryAsync(request.PodId, port, IsData(stream) ? stream : other.Stream, IsData(stream) ? other.Stream : stream, session.Gone));
        }
        await Task.WhenAll(carried).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task CarryAsync(string podId, int port, SpdyStream data, SpdyStream error, CancellationToken gone)
    {
        return new ForwardedConnection(data.Input, data.WriteAsync, EndAsync, FailAsync).CarryAsync(dialer, podId, port, gone);

        Task EndAsync(CancellationToken token) => Task.WhenAll(data.EndAsync(token), error.EndAsync(token));

        async Task FailAsync(string sentence, CancellationToken token)
        {
            await error.WriteAsync(Encoding.UTF8.GetBytes(sentence), token).ConfigureAwait(false);
            await error.EndAsync(token).ConfigureAwait(false);
            await data.EndAsync(token).ConfigureAwait(false);
        }
    }

    private async Task DropOldAsync(Dictionary<string, (SpdyStream Stream, DateTimeOffset Since)> halves, CancellationToken gone)
    {
        foreach (var (key, (stream, since)) in halves.Where(half => time.GetUtcNow() - half.Value.Since > PairPatience).ToArray())
        {
            halves.Remove(key);
            await ResetAsync(stream, gone).ConfigureAwait(false);
        }
    }

    private static async Task ResetAsync(SpdyStream stream, CancellationToken gone)
    {
        try
        {
            await stream.ResetAsync(ResetReason.RefusedStream, gone).ConfigureAwait(false);
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone with its session.
        }
    }

    private static bool IsData(SpdyStream stream) => stream.Header("streamtype") == "data";

    private static int? PortOf(SpdyStream stream) =>
        stream.Header("streamtype") is "data" or "error"
        && int.TryParse(stream.Header("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;

    // Before request ids a client opened the error stream first, and the data stream next: its number is greater by two.
    private static string? KeyOf(SpdyStream stream) =>
        stream.Header("requestid") ?? (IsData(stream) ? $"stream {stream.Id - 2}" : $"stream {stream.Id}");
}
