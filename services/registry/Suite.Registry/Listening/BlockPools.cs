using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace Suite.Registry.Listening;

/// <summary>Gives Kestrel its pools, and lets them shrink when there is little to do.</summary>
internal sealed class BlockPools(TimeProvider time) : BackgroundService, IMemoryPoolFactory<byte>
{
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
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            foreach (var pool in _pools)
                pool.Trim();
        }
    }
}
