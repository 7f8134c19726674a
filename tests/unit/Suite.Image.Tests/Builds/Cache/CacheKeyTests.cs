using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Copies;
using Suite.Linux.Native;
using Suite.Oci.References;

namespace Suite.Image.Tests.Builds.Cache;

public sealed class CacheKeyTests
{
    [Fact]
    public void Parts_cannot_be_moved_into_each_other()
    {
        Assert.NotEqual(new CacheKey("a").Add("bc").Finish(), new CacheKey("ab").Add("c").Finish());
        Assert.NotEqual(new CacheKey("a").Add(["b", "c"]).Finish(), new CacheKey("a").Add(["b"]).Add("c").Finish());
        Assert.NotEqual(new CacheKey("a").Add(Array.Empty<string>()).Finish(), new CacheKey("a").Finish());
        Assert.Equal(new CacheKey("a").Add("b").Finish(), new CacheKey("a").Add("b").Finish());
    }

    [Fact]
    public void A_file_counts_by_all_but_its_time()
    {
        var file = new SourceFile("a", FileCalls.S_IFREG | 0x1A4) { Size = 1, Digest = Digest.Compute("x"u8), ModifiedSeconds = 1 };
        SourceFile[] others =
        [
            file with { Mode = FileCalls.S_IFREG | 0x1ED }, file with { User = 1 }, file with { Group = 1 }, file with { Digest = Digest.Compute("y"u8) }, file with { Path = "b" },
            file with { Mode = FileCalls.S_IFDIR | 0x1A4 }, file with { Mode = FileCalls.S_IFLNK | 0x1A4, Link = "x" }, file with { Mode = FileCalls.S_IFLNK | 0x1A4, Link = "y" },
        ];
        Assert.Equal(Of(file), Of(file with { ModifiedSeconds = 2 }));
        Assert.Equal(others.Length + 1, others.Append(file).Select(Of).Distinct().Count());
    }

    private static Digest Of(SourceFile file)
    {
        var key = new CacheKey("copy");
        SourceIdentity.AddTo(key, new GivenFiles(new Dictionary<string, Func<Stream>>()), [file], TestContext.Current.CancellationToken);
        return key.Finish();
    }
}
