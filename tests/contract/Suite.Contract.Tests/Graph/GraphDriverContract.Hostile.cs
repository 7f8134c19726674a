using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Testing.Requirements;

namespace Suite.Contract.Tests.Graph;

/// <summary>Archives made to get out of their layer: also through what the layers below have, where a driver unpacks over a copy of it.</summary>
public abstract partial class GraphDriverContract
{
    [RootFact]
    public void Hostile_archives_are_refused_by_the_name_of_the_entry_and_leave_nothing()
    {
        var victim = Victim();
        (string Name, TarEntry[] Entries)[] archives =
        [
            ("../victim", [Archives.File("../victim")]),
            ("a/../../victim", [Archives.File("a/../../victim")]),
            ("h", [Archives.Link("h", "../victim", TarEntryType.HardLink)]),
            ("h", [Archives.Link("h", victim, TarEntryType.HardLink)]),
            ("h", [Archives.Link("l", Path.GetDirectoryName(victim)!), Archives.Link("h", "l/victim", TarEntryType.HardLink)]),
            ("h", [Archives.Directory("d"), Archives.Link("h", "d", TarEntryType.HardLink)]),
            ("f/x", [Archives.File("f"), Archives.File("f/x")]),
            (".wh.", [Archives.File(".wh.")]),
            (".wh..", [Archives.File(".wh..")]),
            ("d/.wh...", [Archives.File("d/.wh...")]),
            (".", [Archives.Link(".", "/etc")]),
            ("c", [new TarEntry { Type = TarEntryType.CharacterDevice, Name = "c"u8.ToArray() }]),
            ("l", [Archives.Link("l", "")]),
            (new string('x', 200), [Archives.File(new string('x', 256))]),
        ];
        foreach (var (name, entries) in archives)
        {
            using (var draft = Driver.CreateLayer("hostile", []))
            {
                var error = Assert.ThrowsAny<SuiteException>(() => draft.Apply(Archives.Of([Archives.File("before"), .. entries]), Cancellation));
                Assert.Contains(name, error.Message, StringComparison.Ordinal);
            }

            Assert.Empty(Driver.ListLayers());
            Untouched(victim);
        }

        Driver.Recover();
        Assert.Empty(Directory.EnumerateFiles(_folder.Path("graph"), "before", SearchOption.AllDirectories));
    }

    [RootFact]
    public void Links_of_lower_layers_lead_nobody_out()
    {
        var victim = Victim();
        var outside = Path.GetDirectoryName(victim)!;
        Layer("1", Archives.Link("absolute", outside), Archives.Link("relative", "../../../../../.." + outside), Archives.Link("file", victim), Archives.Link("proc", "/proc/self/root" + outside));
        TarEntry[] attacks =
        [
            Archives.File("absolute/victim"), Archives.File("relative/.wh.victim"), Archives.File("proc/new"), Archives.File("file"),
            Archives.File("absolute/.wh..wh..opq"), Archives.Directory("proc/victim", 0x1FF, user: 7),
        ];
        Layer("2", attacks);
        Untouched(victim);
        using var root = Mount("k");
        Assert.True(File.Exists(root.Path + "/absolute/victim"));
        Assert.Null(new FileInfo(root.Path + "/file").LinkTarget);
    }

    [RootFact]
    public void A_link_and_what_is_written_through_it_in_one_layer_stay_inside()
    {
        var victim = Victim();
        var outside = Path.GetDirectoryName(victim)!;
        Layer("1", Archives.Directory("inside"), Archives.Link("l", "/inside"), Archives.File("l/f"), Archives.File("l/.wh.victim"));
        foreach (var entries in (TarEntry[][])[[Archives.Link("m", outside), Archives.File("m/victim")], [Archives.Link("m", outside), Archives.File("m/.wh.victim")]])
        {
            using var draft = Driver.CreateLayer("2", _stack);
            Assert.ThrowsAny<SuiteException>(() => draft.Apply(Archives.Of(entries), Cancellation));
        }

        Untouched(victim);
        using var root = Mount("k");
        Assert.Equal("/inside", new FileInfo(root.Path + "/l").LinkTarget);
        Assert.True(File.Exists(root.Path + "/inside/f"));
    }

    [RootFact]
    public void A_name_told_twice_is_what_was_told_last()
    {
        Layer("1", Archives.Of(
            (Archives.File("f", "1"), "1"), (Archives.Directory("f"), ""), (Archives.File("f/x", "2"), "2"), (Archives.File("f", "3"), "3"),
            (Archives.Link("g", "f", TarEntryType.HardLink), ""), (Archives.File("f", "4"), "4")));
        using var root = Mount("k");
        Assert.Equal(["/f", "/g"], root.Leaves());
        Assert.Equal(("4", "3"), (root.Read("/f"), root.Read("/g")));
    }

    [RootFact]
    public void A_stream_that_breaks_off_leaves_nothing()
    {
        var whole = Archives.Of((Archives.File("a", "1"), "1"), (Archives.File("b", new string('x', 3000)), new string('x', 3000))).ToArray();
        foreach (var length in (int[])[100, 512, 1024, 1300, 2048, 3000])
        {
            using var draft = Driver.CreateLayer("a", []);
            Assert.Equal(length is 1024 ? null : ErrorKind.Corrupt, Kind(() => draft.Apply(new MemoryStream(whole[..length]), Cancellation)));
        }

        Assert.Empty(Driver.ListLayers());

        static ErrorKind? Kind(Action apply)
        {
            try
            {
                apply();
                return null; // archives without the two zero blocks exist
            }
            catch (SuiteException e)
            {
                return e.Kind;
            }
        }
    }

    [RootFact]
    public void A_cancelled_layer_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using (var draft = Driver.CreateLayer("a", []))
            Assert.Throws<OperationCanceledException>(() => draft.Apply(Archives.Of(("f", "1")), cancelled.Token));
        Assert.Empty(Driver.ListLayers());
    }

    private string Victim() => _folder.File("outside/victim", "untouched");

    private static void Untouched(string victim)
    {
        Assert.Equal("untouched", File.ReadAllText(victim));
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(victim)!));
    }
}
