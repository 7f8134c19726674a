using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace Suite.Registry.Listening;

/// <summary>Gives Kestrel its pools, and lets them shrink when there is little to do.</summary>
internal sealed class BlockPools(TimeProvider time) : BackgroundService, IMemoryPoolFactory<byte>
{
    private const int WorthCollecting = (4 << 20) / BlockPool.BlockSize;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<BlockPool> _pools = [];

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
    {
        var pool = new BlockPool();
        _pools.Add(pool);
        return pool;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var released = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            var more = _pools.Sum(pool => pool.Trim());
            released += more;
            if (more > 0 || released < WorthCollecting)
                continue;
            // Calm again: nothing is allocated that would make the collector look, and hand the blocks back to the system.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            released = 0;
        }
    }
}
