using Suite.Oci.References;

namespace Suite.Oci.Tests.References;

public sealed class DigestTests
{
    // FIPS 180-2's examples.
    private const string Sha256OfAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private const string Sha512OfAbc =
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

    [Fact]
    public void Digests_are_computed_and_read_back()
    {
        Assert.Equal(Digest.Parse(Sha256OfAbc), Digest.Compute("abc"u8));
        Assert.Equal(Digest.Parse(Sha512OfAbc), Digest.Compute("abc"u8, DigestAlgorithm.Sha512));
        Assert.Equal("ba7816bf8f01", Digest.Parse(Sha256OfAbc).Short);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
    [InlineData("sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("sha256:../../../../etc/passwd0000000000000000000000000000000000000000000000")]
    public void What_is_no_digest_is_refused(string text) => Assert.False(Digest.TryParse(text, out _));

    [Fact]
    public void Pieces_hash_as_the_whole()
    {
        using var hasher = new DigestHasher();
        hasher.Append("a"u8);
        hasher.Append("bc"u8);
        Assert.Equal(Sha256OfAbc, hasher.Finish().ToString());
    }
}
