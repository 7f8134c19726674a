using System.Collections.Concurrent;

namespace Suite.Runtime.Statistics;

/// <summary>
/// How fast CPU time grows: the figure that a kubelet takes for a node's and a pod's use. Counted between two looks at least a
/// second apart, so that several who look do not leave each other a span too short to mean anything.
/// </summary>
internal sealed class CpuRates
{
    private const long ShortestSpan = 1_000_000_000;

    private readonly ConcurrentDictionary<string, Look> _last = new();

    /// <param name="at">Nanoseconds since the epoch.</param>
    /// <param name="usage">Nanoseconds of CPU time since the cgroup was made.</param>
    /// <returns>Nanoseconds of CPU time a second; null until there are two looks.</returns>
    public ulong? Next(string id, long at, ulong usage)
    {
        if (!_last.TryGetValue(id, out var last) || usage < last.Usage)
        {
            // The first look, or a container that was started again with a new cgroup.
            _last[id] = new Look(at, usage, null);
            return null;
        }
        var span = at - last.At;
        if (span < ShortestSpan)
            return last.Rate;
        var rate = (ulong)((usage - last.Usage) * 1e9 / span);
        _last[id] = new Look(at, usage, rate);
        return rate;
    }

    public void Forget(string id) => _last.TryRemove(id, out _);

    private readonly record struct Look(long At, ulong Usage, ulong? Rate);
}
