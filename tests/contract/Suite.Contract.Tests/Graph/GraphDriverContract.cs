using System.Text;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Suite.Testing.Requirements;

namespace Suite.Contract.Tests.Graph;

/// <summary>What every graph driver does, whatever it keeps layers in. A driver's test class derives from this and names the driver.</summary>
public abstract partial class GraphDriverContract : IDisposable
{
    private readonly LeakGuard _leaks;
    private readonly TempFolder _folder;
    private readonly List<string> _stack = [];
    private IGraphDriver? _driver;

    protected GraphDriverContract()
    {
        // Of this class alone: others run beside it.
        _leaks = new LeakGuard(GetType().Name);
        _folder = new TempFolder(GetType().Name);
    }

    private protected abstract IGraphDriver Open(string root);

    /// <summary>More than the page of mount(2) has room for. Fewer where nothing depends on the number and each takes long.</summary>
    private protected virtual int ManyLayers => 130;

    /// <summary>Directories in each other: deeper than the stack of a thread where the walks are the same for all drivers of a kind.</summary>
    private protected virtual int Deep => 2000;

    /// <summary>Bytes of a file with which the size of what has it is more than nothing.</summary>
    private protected virtual int Counted => 1;

    private IGraphDriver Driver => _driver ??= Open(_folder.Path("graph"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Close();
        FileTree.Remove(_folder.Path("graph")); // which knows names that .NET does not
        _folder.Dispose();
        _leaks.Dispose();
        GC.SuppressFinalize(this);
    }

    [RootFact]
    public void A_layer_appears_with_its_commit_and_not_before()
    {
        using (var draft = Driver.CreateLayer("a", []))
        {
            draft.Apply(Archives.Of(("f", new string('1', Counted))), Cancellation);
            Assert.False(Driver.HasLayer("a"));
            Assert.Empty(Driver.ListLayers());
            draft.Commit();
        }

        Assert.True(Driver.HasLayer("a"));
        Assert.Equal(["a"], Driver.ListLayers());
        Assert.True(Driver.LayerUsage("a").Bytes > 0);
        Driver.RemoveLayer("a");
        Driver.RemoveLayer("a");
        Assert.Empty(Driver.ListLayers());
    }

    [RootFact]
    public void A_draft_that_is_not_committed_leaves_nothing()
    {
        using (var draft = Driver.CreateLayer("a", [])) draft.Apply(Archives.Of(("d/f", "1")), Cancellation);
        Assert.Empty(Driver.ListLayers());
        Driver.Recover();
        Assert.Empty(Directory.EnumerateFiles(_folder.Path("graph"), "f", SearchOption.AllDirectories));
        Layer("a", ("f", "2"));
        using var root = Mount("k");
        Assert.Equal("2", root.Read("/f"));
    }

    [RootFact]
    public void A_draft_that_a_killed_process_left_is_gone_after_recovery()
    {
        Layer("a", ("f", "1"));
        Driver.CreateLayer("b", ["a"]).Apply(Archives.Of(("g", "1")), Cancellation);
        Reopen();
        Assert.Equal(["a"], Driver.ListLayers());
        Layer("b", ("g", "2"));
        using var root = Mount("k");
        Assert.Equal(["/f", "/g"], root.Leaves());
    }

    [RootFact]
    public void An_id_is_taken_once()
    {
        Layer("a", ("f", "1"));
        using var again = Driver.CreateLayer("a", []);
        again.Apply(Archives.Of(("f", "2")), Cancellation);
        Assert.Equal(ErrorKind.AlreadyExists, Assert.Throws<SuiteException>(again.Commit).Kind);
        Assert.Equal(["a"], Driver.ListLayers());
    }

    [RootFact]
    public void A_draft_may_be_disposed_twice()
    {
        var draft = Driver.CreateLayer("a", []);
        draft.Apply(Archives.Of(("f", "1")), Cancellation);
        draft.Commit();
        draft.Dispose();
        draft.Dispose();
        Assert.True(Driver.HasLayer("a"));
    }

    [RootFact]
    public void Layers_and_roots_are_there_after_a_restart()
    {
        Layer("a", ("f", "1"));
        using (var root = Mount("k")) root.Write("/g", "mine");
        Driver.Sync(["a"]);
        Reopen();
        Assert.Equal(["a"], Driver.ListLayers());
        Assert.Equal(["k"], Driver.ListRootfs());
        using (var root = Mount("k")) Assert.Equal("mine", root.Read("/g"));
    }

    [RootFact]
    public void What_a_container_writes_stays_its_own_and_survives_a_second_prepare()
    {
        Layer("1", ("f", "1"));
        var changed = new string('c', Counted);
        using (var root = Mount("k")) root.Write("/f", changed);
        using (var root = Mount("k")) Assert.Equal(changed, root.Read("/f"));
        using (var root = Mount("other")) Assert.Equal("1", root.Read("/f"));
        Assert.Equal(["k", "other"], Driver.ListRootfs().Order(StringComparer.Ordinal));
        Assert.True(Driver.RootfsUsage("k").Bytes > 0);
        Driver.RemoveRootfs("k");
        Driver.RemoveRootfs("k");
        Assert.Equal(["other"], Driver.ListRootfs());
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<SuiteException>(() => Driver.RootfsUsage("k")).Kind);
    }

    [RootFact]
    public void Usage_of_a_root_grows_with_what_is_written()
    {
        Layer("1", ("f", "1"));
        var before = Mounted("k", root => root.Write("/small", "x"));
        var after = Mounted("k", root => File.WriteAllBytes(root.Path + "/large", System.Security.Cryptography.RandomNumberGenerator.GetBytes(1 << 20)));
        Assert.True(after.Bytes >= before.Bytes + (1 << 20), $"{before.Bytes} and then {after.Bytes}");
    }

    [RootFact]
    public void A_layer_goes_and_the_others_stay()
    {
        Layer("1", ("f", "1"));
        Layer("2", ("g", "2"));
        using (Mount("k")) { }
        Driver.RemoveRootfs("k");
        Driver.RemoveLayer("2");
        _stack.Remove("2");
        using var root = Mount("k");
        Assert.Equal(["/f"], root.Leaves());
    }

    [RootFact]
    public void A_layer_that_a_root_uses_stays()
    {
        Layer("1", ("f", "1"));
        Layer("2", ("g", "2"));
        using (var root = Mount("k"))
        {
            foreach (var layer in (string[])["1", "2"])
            {
                var error = Assert.Throws<SuiteException>(() => Driver.RemoveLayer(layer));
                Assert.Equal(ErrorKind.FailedPrecondition, error.Kind);
                Assert.Contains("'k'", error.Message, StringComparison.Ordinal);
            }

            Assert.Equal(("1", "2"), (root.Read("/f"), root.Read("/g")));
        }

        Reopen();
        Assert.Equal(ErrorKind.FailedPrecondition, Assert.Throws<SuiteException>(() => Driver.RemoveLayer("1")).Kind);
        Assert.Equal(2, Driver.ListLayers().Count);
        Driver.RemoveRootfs("k");
        foreach (var layer in (string[])["2", "1"]) Driver.RemoveLayer(layer);
        Assert.Empty(Driver.ListLayers());
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

    [RootFact]
    public void The_figures_are_for_people() =>
        Assert.All(Driver.Figures(), figure => Assert.True(figure.Name.Length > 0 && figure.Value.Length > 0));

    private protected virtual void Close()
    {
    }

    private void Reopen()
    {
        Close();
        _driver = null;
        Driver.Recover();
    }

    private TreeUsage Mounted(string key, Action<MountedRoot> change)
    {
        using (var root = Mount(key)) change(root);
        return Driver.RootfsUsage(key);
    }

    /// <summary>A layer above all that there are.</summary>
    private void Layer(string id, params (string Name, string Content)[] files) => Layer(id, Archives.Of(files));

    private void Layer(string id, params TarEntry[] entries) => Layer(id, Archives.Of(entries));

    private void Layer(string id, Stream archive)
    {
        using var draft = Driver.CreateLayer(id, _stack);
        draft.Apply(archive, Cancellation);
        draft.Commit();
        _stack.Add(id);
    }

    private MountedRoot Mount(string key) => new(Driver.PrepareRootfs(key, _stack), _folder);

    private string[] Changes(string key) => [.. Driver.RootfsChanges(key, _stack, Cancellation).Select(c => c.ToString())];

    /// <summary>What a container wrote becomes a layer, as a commit does it.</summary>
    private void Commit(string key, string id)
    {
        using var archive = new MemoryStream();
        Driver.WriteChanges(key, _stack, archive, Cancellation);
        archive.Position = 0;
        Layer(id, archive);
    }
}
