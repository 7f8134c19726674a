using Suite.Registry.Listening;

namespace Suite.Registry.Tests.Listening;

public sealed class BlockPoolTests
{
    [Fact]
    public void Blocks_are_used_again_and_what_nobody_needed_for_a_while_is_let_go()
    {
        using var pool = new BlockPool();
        var busy = Enumerable.Range(0, 8).Select(_ => pool.Rent()).ToArray();
        Assert.All(busy, block => Assert.Equal(BlockPool.BlockSize, block.Memory.Length));
        foreach (var block in busy)
            block.Dispose();
        Assert.Equal(8, pool.Free);
        Assert.Equal(0, pool.Trim()); // they were needed since the pool was made
        Assert.Equal(8, pool.Free);
        using (pool.Rent(4096))
        using (pool.Rent(4096))
            Assert.Equal(6, pool.Free);
        Assert.Equal(6, pool.Trim()); // two were needed, six were not
        Assert.Equal(2, pool.Free);
        pool.Trim();
        Assert.Equal(0, pool.Free);
    }

    [Fact]
    public void More_than_a_block_is_refused()
    {
        using var pool = new BlockPool();
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(BlockPool.BlockSize + 1));
    }
}
