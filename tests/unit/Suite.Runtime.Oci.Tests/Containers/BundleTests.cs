using Suite.Linux.Errors;
using Suite.Runtime.Oci.Containers;
using Suite.Testing.Files;

namespace Suite.Runtime.Oci.Tests.Containers;

public sealed class BundleTests
{
    [Fact]
    public void Relative_paths_begin_at_the_bundle()
    {
        using var folder = new TempFolder();
        folder.File("config.json", """
            {
              "ociVersion": "1.0.2",
              "root": { "path": "rootfs" },
              "mounts": [
                { "destination": "/a", "source": "data", "options": ["rbind"] },
                { "destination": "/b", "source": "/elsewhere", "type": "bind" },
                { "destination": "/proc", "type": "proc", "source": "proc" }
              ]
            }
            """);
        var spec = Bundle.Read(folder.FullName).Resolve("one");
        Assert.Equal(folder.Path("rootfs"), spec.Root!.Path);
        Assert.Equal([folder.Path("data"), "/elsewhere", "proc"], spec.Mounts!.Select(mount => mount.Source));
    }

    [Theory]
    [InlineData(null, "/suite-oci/one")]
    [InlineData("", "/suite-oci/one")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("a/b", "/a/b")]
    public void A_container_has_a_cgroup(string? given, string expected)
    {
        using var folder = new TempFolder();
        folder.File("config.json", given is null ? """{ "root": { "path": "r" } }""" : $$"""{ "root": { "path": "r" }, "linux": { "cgroupsPath": "{{given}}" } }""");
        Assert.Equal(expected, Bundle.Read(folder.FullName).Resolve("one").Linux!.CgroupsPath);
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("{", "config.json")]
    [InlineData("""{ "process": { "user": { "uid": "root" } } }""", "process.user.uid")]
    public void A_wrong_file_is_refused_with_the_field(string text, string part)
    {
        using var folder = new TempFolder();
        folder.File("config.json", text);
        var error = Assert.Throws<SuiteException>(() => Bundle.Read(folder.FullName));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_one_is_named()
    {
        using var folder = new TempFolder();
        Assert.Contains(folder.FullName, Assert.Throws<SuiteException>(() => Bundle.Read(folder.FullName)).Message, StringComparison.Ordinal);
    }
}
