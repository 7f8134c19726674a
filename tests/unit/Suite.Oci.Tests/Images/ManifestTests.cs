using System.Text;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Oci.Tests.Images;

public sealed class ManifestTests
{
    private static readonly Digest Abc = Digest.Compute("abc"u8);

    private static string Written(string layers, string version = "2") => $$"""
        { "schemaVersion": {{version}}, "somethingNew": { "x": [1] },
          "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": "{{Abc}}", "size": 3 },
          "layers": {{layers}} }
        """;

    [Fact]
    public void A_manifest_is_read_and_unknown_fields_are_tolerated()
    {
        var manifest = Manifest.Parse(Encoding.UTF8.GetBytes(Written($$"""[{ "mediaType": "x", "digest": "{{Abc}}", "size": 3, "annotations": { "a": "b" } }]""")), "manifest");
        Assert.Equal(Abc, manifest.Layers.Single().Digest);
        Assert.Equal("b", manifest.Layers.Single().Annotations!["a"]);
    }

    [Theory]
    [InlineData("null", "2")]
    [InlineData("[null]", "2")]
    [InlineData("[{}]", "2")]
    [InlineData("[{ \"mediaType\": \"x\", \"digest\": \"sha256:1\", \"size\": 3 }]", "2")]
    [InlineData("[{ \"mediaType\": \"x\", \"digest\": \"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\", \"size\": -1 }]", "2")]
    [InlineData("[]", "1")]
    [InlineData("[", "2")]
    public void A_damaged_manifest_is_refused_as_corrupt(string layers, string version)
    {
        var error = Assert.Throws<SuiteException>(() => Manifest.Parse(Encoding.UTF8.GetBytes(Written(layers, version)), "manifest of x"));
        Assert.Equal(ErrorKind.Corrupt, error.Kind);
    }

    [Fact]
    public void The_index_gives_the_platforms_manifest()
    {
        var amd = Digest.Compute("amd"u8);
        var json = $$"""
            { "schemaVersion": 2, "manifests": [
              { "mediaType": "m", "digest": "{{Abc}}", "size": 1, "platform": { "architecture": "unknown", "os": "unknown" } },
              { "mediaType": "m", "digest": "{{Abc}}", "size": 1, "platform": { "architecture": "arm64", "os": "linux", "variant": "v8" } },
              { "mediaType": "m", "digest": "{{amd}}", "size": 1, "platform": { "architecture": "amd64", "os": "linux" } } ] }
            """;
        var index = ImageIndex.Parse(Encoding.UTF8.GetBytes(json), "index");
        Assert.Equal(amd, index.Select(Platform.Parse("linux/amd64"))!.Digest);
        Assert.Equal(Abc, index.Select(Platform.Parse("linux/arm64"))!.Digest);
        Assert.Null(index.Select(Platform.Parse("linux/s390x")));
    }

    [Fact]
    public void A_configuration_keeps_what_it_does_not_know()
    {
        var json = $$"""
            { "architecture": "amd64", "os": "linux", "created": "2024-05-01T10:00:00.123456789Z", "os.version": "9", "config": { "Cmd": ["sh"], "Env": null, "Healthcheck": { "Test": ["NONE"] } },
              "rootfs": { "type": "layers", "diff_ids": ["{{Abc}}"] }, "history": [{ "created_by": "x", "empty_layer": true }] }
            """;
        var config = ImageConfig.Parse(Encoding.UTF8.GetBytes(json), "configuration");
        var again = Encoding.UTF8.GetString(config.ToJson());
        Assert.Contains("Healthcheck", again, StringComparison.Ordinal);
        Assert.Contains("os.version", again, StringComparison.Ordinal);
        Assert.Equal(["sh"], config.Config!.Cmd!);
        Assert.Null(config.Config.Env);
    }
}
