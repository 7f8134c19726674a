using Suite.Image.Blobs;
using Suite.Oci.References;
using Suite.Testing.Files;

namespace Suite.Image.Tests.Blobs;

/// <summary>What transfers leave for later is bounded, and is one transfer's at a time.</summary>
public sealed class BegunBlobsTests : IDisposable
{
    private const long Large = 6L << 30; // of holes

    private readonly TempFolder _folder = new("begunblobs");

    private string Place => _folder.Path("begun");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_old_or_small_or_too_much_goes_the_oldest_first()
    {
        var blobs = new BegunBlobs(Place, TimeProvider.System);
        var (old, small, first, second) = (Leave("old", Large / 2, hours: 25), Leave("small", BegunBlobs.WorthKeeping - 1, 0), Leave("first", Large, hours: 2), Leave("second", Large, hours: 1));
        blobs.Sweep();
        Assert.Equal([second], Left());
        Assert.DoesNotContain(first, Left());
        Assert.Equal(2, new[] { old, small }.Except(Left()).Count());
    }

    [Fact]
    public void What_a_transfer_uses_stays_and_is_nobody_elses()
    {
        var blobs = new BegunBlobs(Place, TimeProvider.System);
        var digest = Digest.Compute("used"u8);
        Leave("used", Large, hours: 48);
        Assert.NotNull(blobs.Claim(digest));
        Assert.Null(blobs.Claim(digest));
        blobs.Sweep();
        blobs.Forget([digest]);
        Assert.Equal(0, blobs.Clear(dryRun: false));
        Assert.Single(Left());
        blobs.Release(digest);
        Assert.Empty(Left());
        Assert.NotNull(blobs.Claim(digest));
    }

    [Fact]
    public void All_of_it_can_be_counted_and_then_removed()
    {
        var blobs = new BegunBlobs(Place, TimeProvider.System);
        Leave("a", 5 << 20, 0);
        Leave("b", 6 << 20, 0);
        Assert.Equal(11 << 20, blobs.Clear(dryRun: true));
        Assert.Equal(2, Left().Length);
        Assert.Equal(11 << 20, blobs.Clear(dryRun: false));
        Assert.Empty(Left());
    }

    [Fact]
    public void A_blob_that_came_whole_waits_too_if_it_is_large()
    {
        var blobs = new BegunBlobs(Place, TimeProvider.System);
        foreach (var (name, bytes) in (ReadOnlySpan<(string, int)>)[("small", 1000), ("large", 5 << 20)])
        {
            var file = _folder.Path(name);
            using (var stream = File.Create(file)) stream.SetLength(bytes);
            blobs.Take(file, Digest.Compute(System.Text.Encoding.ASCII.GetBytes(name)));
            Assert.False(File.Exists(file));
        }

        Assert.Single(Left());
    }

    private string Leave(string content, long bytes, int hours)
    {
        var digest = Digest.Compute(System.Text.Encoding.ASCII.GetBytes(content));
        var path = Path.Combine(Directory.CreateDirectory(Place).FullName, $"{digest.AlgorithmName}-{digest.Hex}");
        using (var file = File.Create(path)) file.SetLength(bytes);
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-hours));
        return Path.GetFileName(path);
    }

    private string[] Left() => [.. Directory.EnumerateFiles(Place).Select(f => Path.GetFileName(f)!)];
}
