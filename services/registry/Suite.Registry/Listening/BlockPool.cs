using System.Buffers;
using System.Collections.Concurrent;

namespace Suite.Registry.Listening;

/// <summary>
/// Memory for what goes through sockets, in blocks sixteen times as large as Kestrel's own: a layer comes in with a tenth of the system
/// calls, and is hashed and written in pieces that are worth a call. Blocks are used again; those that nobody needed for a while are let go.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = 64 * 1024;

    private readonly ConcurrentStack<Block> _free = new();
    private int _count;
    private int _rented;
    private int _unused;

    public override int MaxBufferSize => BlockSize;

    /// <summary>How many blocks lie here.</summary>
    public int Free => Volatile.Read(ref _count);

    /// <summary>How many blocks are in use.</summary>
    public int Rented => Volatile.Read(ref _rented);

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        Interlocked.Increment(ref _rented);
        if (!_free.TryPop(out var block))
        {
            Volatile.Write(ref _unused, 0);
            return new Block(this);
        }

        var left = Interlocked.Decrement(ref _count);
        if (left < Volatile.Read(ref _unused))
            Volatile.Write(ref _unused, Math.Max(0, left));
        return block;
    }

    /// <summary>Lets go of as many blocks as have lain here all the time since the last call, and says how many.</summary>
    public int Trim()
    {
        var released = 0;
        for (var surplus = Volatile.Read(ref _unused); released < surplus && _free.TryPop(out _); released++)
            Interlocked.Decrement(ref _count);
        Volatile.Write(ref _unused, Free);
        return released;
    }

    protected override void Dispose(bool disposing) => _free.Clear();

    private void Return(Block block)
    {
        Interlocked.Decrement(ref _rented);
        Interlocked.Increment(ref _count);
        _free.Push(block);
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        // Pinned for good: a socket's buffer that the collector may move would be pinned anew with each call, and tear its heap.
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
