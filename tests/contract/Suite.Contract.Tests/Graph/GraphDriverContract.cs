using System.Text;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.Contract.Tests.Graph;

/// <summary>What every graph driver does, whatever it keeps layers in. A driver's test class derives from this and names the driver.</summary>
public abstract class GraphDriverContract : IDisposable
{
    private readonly TempFolder _folder = new("image-contract");

    private protected abstract IGraphDriver Open(string root);

    private IGraphDriver? _driver;

    private IGraphDriver Driver => _driver ??= Open(_folder.Path("graph"));

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [RootFact]
    public void A_layer_appears_with_its_commit_and_not_before()
    {
        using (var draft = Driver.CreateLayer("a", []))
        {
            draft.Apply(Archive(("f", "1")), default);
            Assert.False(Driver.HasLayer("a"));
            draft.Commit();
        }

        Assert.True(Driver.HasLayer("a"));
        Assert.Equal(["a"], Driver.ListLayers());
        Assert.True(Driver.LayerUsage("a").Inodes >= 1);
        Driver.RemoveLayer("a");
        Driver.RemoveLayer("a");
        Assert.Empty(Driver.ListLayers());
    }

    [RootFact]
    public void A_draft_that_is_not_committed_leaves_nothing()
    {
        using (var draft = Driver.CreateLayer("a", [])) draft.Apply(Archive(("d/f", "1")), default);
        Assert.Empty(Driver.ListLayers());
        Driver.Recover();
        Assert.Empty(Directory.EnumerateFiles(_folder.Path("graph"), "f", SearchOption.AllDirectories));
    }

    [RootFact]
    public void Upper_layers_hide_replace_and_empty_what_lower_ones_have()
    {
        Layer("1", ("keep", "1"), ("gone", "1"), ("replaced", "1"), ("dir/a", "1"), ("dir/b", "1"), ("opaque/old", "1"), ("tree/x/y", "1"), ("file", "1"));
        Layer("2", (".wh.gone", ""), ("replaced", "2"), ("dir/.wh.a", ""), ("opaque/.wh..wh..opq", ""), ("opaque/new", "2"), (".wh.tree", ""), ("file/now", "2"));
        using var root = Mount("k", "1", "2");
        Assert.Equal(["/dir/b", "/file/now", "/keep", "/opaque/new", "/replaced"], root.Leaves());
        Assert.Equal("2", root.Read("/replaced"));
    }

    [RootFact]
    public void A_name_deleted_and_made_again_in_one_layer_shows_only_the_new()
    {
        Layer("1", ("d/old", "1"), ("e/old", "1"));
        Layer("2", (".wh.d", ""), ("d/new", "2"), ("e/new", "2"), (".wh.e", ""), ("d/.wh.old", ""));
        using var root = Mount("k", "1", "2");
        Assert.Equal(["/d/new", "/e/new"], root.Leaves());
    }

    [RootFact]
    public void What_a_container_writes_stays_its_own_and_survives_a_second_prepare()
    {
        Layer("1", ("f", "1"));
        using (var root = Mount("k", "1")) root.Write("/f", "changed");
        using (var root = Mount("k", "1")) Assert.Equal("changed", root.Read("/f"));
        using (var root = Mount("other", "1")) Assert.Equal("1", root.Read("/f"));
        Assert.Equal(["k", "other"], Driver.ListRootfs().Order(StringComparer.Ordinal));
        Assert.True(Driver.RootfsUsage("k").Bytes > 0);
        Driver.RemoveRootfs("k");
        Driver.RemoveRootfs("k");
        Assert.Equal(["other"], Driver.ListRootfs());
    }

    [RootFact]
    public void An_image_without_layers_is_an_empty_root()
    {
        using var root = Mount("k");
        Assert.Empty(root.Leaves());
        root.Write("/f", "x");
    }

    [RootFact]
    public void Sixty_layers_are_one_root()
    {
        var ids = Enumerable.Range(0, 60).Select(i => $"{i:x12}").ToArray();
        for (var i = 0; i < ids.Length; i++) Layer(ids[i], ($"f{i}", "x"), ("last", $"{i}"));
        using var root = Mount("k", ids);
        Assert.Equal(61, root.Leaves().Count);
        Assert.Equal("59", root.Read("/last"));
    }

    [RootFact]
    public void Owners_modes_and_times_are_those_of_the_layer()
    {
        using (var draft = Driver.CreateLayer("1", []))
        {
            var entry = new TarEntry { Name = "suid"u8.ToArray(), Mode = 0x9ED, User = 12, Group = 34, ModifiedSeconds = 1_000_000 };
            var directory = new TarEntry { Type = TarEntryType.Directory, Name = "./"u8.ToArray(), Mode = 0x1C0, User = 5, ModifiedSeconds = 2_000_000 };
            draft.Apply(Archive([(directory, ""), (entry, "")]), default);
            draft.Commit();
        }

        using var root = Mount("k", "1");
        Assert.Equal("104755 12 34", root.Stat("/suid"));
        Assert.Equal("40700 5 0", root.Stat("/"));
        Assert.Equal(1_000_000, new DateTimeOffset(File.GetLastWriteTimeUtc(root.Path + "/suid")).ToUnixTimeSeconds());
    }

    [RootTheory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData(".")]
    public void Ids_are_names_and_not_paths(string id)
    {
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => Driver.CreateLayer(id, [])).Kind);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => Driver.RemoveRootfs(id)).Kind);
    }

    [RootFact]
    public void A_root_over_a_layer_that_is_not_there_is_refused()
    {
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<SuiteException>(() => Driver.PrepareRootfs("k", ["none"])).Kind);
        Assert.Empty(Driver.ListRootfs());
    }

    private void Layer(string id, params (string Name, string Content)[] files)
    {
        using var draft = Driver.CreateLayer(id, Driver.ListLayers());
        draft.Apply(Archive(files), default);
        draft.Commit();
    }

    private MountedRoot Mount(string key, params string[] layers) => new(Driver.PrepareRootfs(key, layers));

    private static MemoryStream Archive(params (string Name, string Content)[] files) =>
        Archive([.. files.Select(f => (new TarEntry { Name = Encoding.UTF8.GetBytes(f.Name), Mode = 0x1A4, Size = f.Content.Length }, f.Content))]);

    private static MemoryStream Archive((TarEntry Entry, string Content)[] entries)
    {
        var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        foreach (var (entry, content) in entries)
        {
            writer.Begin(entry);
            writer.Write(Encoding.UTF8.GetBytes(content));
        }

        writer.Finish();
        stream.Position = 0;
        return stream;
    }
}
