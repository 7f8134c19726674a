using System.Diagnostics.Metrics;

namespace Suite.Registry.Measurements;

/// <summary>What the registry counts, under the meter Suite.Registry. Durations and statuses of requests are ASP.NET Core's own.</summary>
internal sealed class RegistryMetrics : IDisposable
{
    private readonly Meter _meter = new("Suite.Registry");
    private readonly Counter<long> _received;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _cache;
    private readonly Counter<long> _collected;
    private readonly Counter<long> _freed;
    private readonly Counter<long> _damaged;
    private readonly Counter<long> _refused;

    public RegistryMetrics()
    {
        _received = _meter.CreateCounter<long>("suite.registry.blob.received", "By", "Bytes of blobs that became part of the store");
        _sent = _meter.CreateCounter<long>("suite.registry.blob.sent", "By", "Bytes of blobs that were sent, by way: from their files, or through memory");
        _cache = _meter.CreateCounter<long>("suite.registry.upstream.downloads", "{blob}", "Blobs that were fetched from upstreams, by outcome");
        _collected = _meter.CreateCounter<long>("suite.registry.garbage.removed", "{item}", "Things that garbage collection removed, by kind");
        _freed = _meter.CreateCounter<long>("suite.registry.garbage.freed", "By", "Bytes that garbage collection freed");
        _damaged = _meter.CreateCounter<long>("suite.registry.scrub.problems", "{problem}", "Damage that scrubs found");
        _refused = _meter.CreateCounter<long>("suite.registry.requests.refused", "{request}", "Requests without the right to what they wanted, by status");
    }

    public void Received(long bytes) => _received.Add(bytes);

    /// <param name="fromFile">Whether the kernel took them from the blob's file, or they went through memory of ours.</param>
    public void Sent(long bytes, bool fromFile) => _sent.Add(bytes, new KeyValuePair<string, object?>("way", fromFile ? "file" : "memory"));

    public void Downloaded(bool whole) => _cache.Add(1, new KeyValuePair<string, object?>("outcome", whole ? "whole" : "failed"));

    public void Collected(string kind, long bytes)
    {
        _collected.Add(1, new KeyValuePair<string, object?>("kind", kind));
        _freed.Add(bytes);
    }

    public void Damaged() => _damaged.Add(1);

    public void Refused(int status) => _refused.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Dispose() => _meter.Dispose();
}
