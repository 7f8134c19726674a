using System.Security.Cryptography;
using Suite.Linux.Errors;

namespace Suite.Runtime.Streaming;

/// <summary>
/// Requests that wait for their connection. A ticket is the only proof that the caller was allowed to ask: 128 random bits,
/// taken once, for a minute.
/// </summary>
internal sealed class StreamTickets(TimeProvider time)
{
    public const int Most = 1000;
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private const int HexDigits = 128 / 4;

    private readonly Lock _guard = new();
    private readonly Dictionary<string, StreamRequest> _waiting = [];
    private readonly Queue<(string Ticket, DateTimeOffset End)> _ends = new();

    public string Issue(StreamRequest request)
    {
        var ticket = RandomNumberGenerator.GetHexString(HexDigits, lowercase: true);
        var now = time.GetUtcNow();
        lock (_guard)
        {
            Expire(now);
            if (_waiting.Count >= Most)
                throw new SuiteException(ErrorKind.ResourceExhausted, $"{Most} streams were asked for and nobody has connected to them; try again in a minute");
            _waiting.Add(ticket, request);
            _ends.Enqueue((ticket, now + Life));
        }
        return ticket;
    }

    /// <returns>Null: unknown, used, too old, or for something else.</returns>
    public StreamRequest? Redeem(string path, string ticket)
    {
        lock (_guard)
        {
            Expire(time.GetUtcNow());
            return _waiting.TryGetValue(ticket, out var request) && request.Path == path && _waiting.Remove(ticket) ? request : null;
        }
    }

    private void Expire(DateTimeOffset now)
    {
        while (_ends.TryPeek(out var first) && first.End <= now)
            _waiting.Remove(_ends.Dequeue().Ticket);
    }
}
