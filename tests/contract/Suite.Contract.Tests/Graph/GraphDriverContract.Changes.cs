using System.Diagnostics;
using System.Text;
using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Testing.Requirements;

namespace Suite.Contract.Tests.Graph;

/// <summary>What a container changed, told as a list and as the archive of a new layer.</summary>
public abstract partial class GraphDriverContract
{
    [RootFact]
    public void A_root_that_nobody_wrote_to_has_no_changes()
    {
        Layer("1", Archives.Directory("./", 0x1C0, user: 5), Archives.File("d/f"));
        using (Mount("k")) Assert.Empty(Changes("k"));
        Assert.Empty(Changes("k"));
    }

    [RootFact]
    public void Changes_are_told_as_a_person_knows_them()
    {
        Layer("1", ("etc/conf", "1"), ("etc/old", "1"), ("var/log/a", "1"), ("gone/x/y", "1"), ("same", "1"), ("opened", "1"));
        using (var root = Mount("k"))
        {
            root.Write("/etc/conf", "2");
            File.Delete(root.Path + "/etc/old");
            Directory.Delete(root.Path + "/gone", recursive: true);
            Directory.CreateDirectory(root.Path + "/new/deep");
            root.Write("/new/deep/f", "x");
            using (File.Open(root.Path + "/opened", FileMode.Open, FileAccess.ReadWrite)) { } // copied up, and yet the same
        }

        Assert.Equal(["D /gone", "C /etc", "D /etc/old", "C /etc/conf", "A /new", "A /new/deep", "A /new/deep/f"], Changes("k"));
    }

    [RootFact]
    public void A_directory_made_anew_tells_what_it_hides()
    {
        Layer("1", ("d/a", "1"), ("d/sub/b", "1"), ("d/sub/c", "1"));
        using (var root = Mount("k"))
        {
            Directory.Delete(root.Path + "/d", recursive: true);
            Directory.CreateDirectory(root.Path + "/d/sub");
            root.Write("/d/sub/c", "new");
        }

        Assert.Equal(["C /d", "D /d/a", "C /d/sub", "D /d/sub/b", "C /d/sub/c"], Changes("k"));
    }

    [RootFact]
    public void Content_with_its_old_time_and_size_is_a_change_all_the_same()
    {
        Layer("1", ("f", "one"));
        using (var root = Mount("k"))
        {
            var time = File.GetLastWriteTimeUtc(root.Path + "/f");
            root.Write("/f", "two");
            File.SetLastWriteTimeUtc(root.Path + "/f", time);
        }

        Assert.Equal(["C /f"], Changes("k"));
    }

    [RootFact]
    public void A_committed_container_is_the_same_tree()
    {
        Layer("1", ("a/f", "1"), ("a/g", "1"), ("moved", "1"), ("gone/x", "1"), ("replaced/x", "1"), ("turned", "1"), ("chowned", "1"), ("moded/x", "1"));
        IReadOnlyList<string> expected;
        using (var root = Mount("k"))
        {
            void Run(string script)
            {
                using var shell = Process.Start(new ProcessStartInfo("sh", ["-ec", script]) { WorkingDirectory = root.Path })!;
                shell.WaitForExit();
                Assert.Equal(0, shell.ExitCode);
            }

            Run("""
                mv moved a/moved; rm -r gone; rm -r replaced; mkdir replaced; echo 2 >replaced/y; rm turned; mkdir turned; echo 3 >turned/z
                chown 7:8 chowned; chmod 700 moded; mkdir -p new/tree; echo 4 >new/tree/f; ln new/tree/f new/link; ln -s /a new/symlink
                mknod new/null c 1 3; mkfifo new/pipe; chmod u+s new/tree/f; rm a/g; mkdir a/g; mv new/tree new/renamed; echo 5 >>a/f; chmod 750 .
                dd if=/dev/zero of=new/sparse bs=1 count=1 seek=8388607 status=none
                """);
            expected = [root.Stat("/"), .. TreeText.Of(root.Path)];
        }

        Commit("k", "2");
        using var committed = Mount("second");
        Assert.Equal(expected, [committed.Stat("/"), .. TreeText.Of(committed.Path)]);
        Assert.InRange(committed.Status("/new/sparse").Blocks * 512, 0u, 1u << 20);
    }

    [RootFact]
    public void The_same_changes_are_the_same_bytes()
    {
        Layer("1", ("f", "1"));
        using (var root = Mount("k"))
        {
            foreach (var name in (string[])["/z", "/a", "/m"]) root.Write(name, name);
            File.Delete(root.Path + "/f");
        }

        byte[] Archive()
        {
            using var stream = new MemoryStream();
            Driver.WriteChanges("k", _stack, stream, Cancellation);
            return stream.ToArray();
        }

        var first = Archive();
        Assert.Equal(first, Archive());
        var reader = new TarReader(new MemoryStream(first));
        var names = new List<string>();
        while (reader.Next() is { } entry) names.Add(Encoding.UTF8.GetString(entry.Name));
        Assert.Equal([".wh.f", "a", "m", "z"], names);
    }

    [RootFact]
    public void Changes_of_an_unknown_root_are_not_found()
    {
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<SuiteException>(() => Changes("none")).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<SuiteException>(() => Driver.WriteChanges("none", [], Stream.Null, Cancellation)).Kind);
    }

    [RootFact]
    public void What_a_runtime_made_to_mount_on_is_no_change_and_times_are_no_later_than_they_may()
    {
        Layer("1", ("etc/passwd", "1"), ("full/x", "1"));
        using (var root = Mount("k"))
        {
            Directory.CreateDirectory(root.Path + "/proc");
            Directory.CreateDirectory(root.Path + "/deep/er/target");
            Directory.CreateDirectory(root.Path + "/used/target");
            foreach (var name in (string[])["/etc/hosts", "/full/hosts", "/used/file"]) File.WriteAllText(root.Path + name, "");
            root.Write("/full/y", "y");
            root.Write("/etc/resolv.conf", "not empty");
        }

        var rules = new ArchiveRules(["proc", "etc/hosts", "etc/resolv.conf", "full/hosts", "deep/er/target", "used/target", "none"], 1000);
        using var stream = new MemoryStream();
        Driver.WriteChanges("k", _stack, rules, stream, Cancellation);
        stream.Position = 0;
        var reader = new TarReader(stream);
        var names = new List<string>();
        while (reader.Next() is { } entry)
        {
            names.Add(Encoding.UTF8.GetString(entry.Name));
            Assert.InRange(entry.ModifiedSeconds, 0, 1000);
        }

        Assert.Equal(["etc/", "etc/resolv.conf", "full/", "full/y", "used/", "used/file"], names);
    }
}
