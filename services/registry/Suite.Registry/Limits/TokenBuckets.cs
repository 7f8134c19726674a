using System.Collections.Concurrent;

namespace Suite.Registry.Limits;

/// <summary>
/// A bucket of permits for each key, filled at a steady rate. Full buckets are forgotten: they are what a newcomer has.
/// </summary>
/// <param name="rate">Permits a second.</param>
/// <param name="capacity">Permits of a full bucket, at least 1.</param>
internal sealed class TokenBuckets(double rate, double capacity, TimeProvider time)
{
    // Only then is it worth looking for what can be forgotten; addresses of an attacker must not fill the memory.
    private const int Crowd = 10_000;

    private readonly double _capacity = Math.Max(1, capacity);
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Takes a permit, or says for how long there is none.</summary>
    public bool TryTake(string key, out TimeSpan wait) => Look(key, take: true, out wait);

    /// <summary>Whether there is a permit, without taking it.</summary>
    public bool HasAny(string key, out TimeSpan wait) => Look(key, take: false, out wait);

    private bool Look(string key, bool take, out TimeSpan wait)
    {
        var now = time.GetTimestamp();
        if (_buckets.Count > Crowd)
            Forget(now);
        var bucket = _buckets.GetOrAdd(key, static (_, start) => new Bucket { Permits = start.Full, At = start.Now }, (Full: _capacity, Now: now));
        lock (bucket)
        {
            bucket.Permits = Filled(bucket, now);
            bucket.At = now;
            wait = bucket.Permits >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - bucket.Permits) / rate);
            if (wait > TimeSpan.Zero)
                return false;
            if (take)
                bucket.Permits--;
            return true;
        }
    }

    private double Filled(Bucket bucket, long now) => Math.Min(_capacity, bucket.Permits + (time.GetElapsedTime(bucket.At, now).TotalSeconds * rate));

    private void Forget(long now)
    {
        foreach (var (key, bucket) in _buckets)
        {
            lock (bucket)
            {
                if (Filled(bucket, now) >= _capacity)
                    _buckets.TryRemove(key, out _);
            }
        }
    }

    private sealed class Bucket
    {
        public double Permits { get; set; }

        public long At { get; set; }
    }
}
