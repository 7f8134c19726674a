using System.Diagnostics;
using Suite.Testing.Files;

namespace Suite.E2e.Tests.Builds;

/// <summary>What the test Dockerfiles copy from.</summary>
internal static class BuildContextFolder
{
    public static string Make(TempFolder folder)
    {
        var root = folder.Folder("context");
        void Write(string path, string content, int mode = 0b110_100_100)
        {
            folder.File($"context/{path}", content);
            File.SetUnixFileMode(folder.Path("context", path), (UnixFileMode)mode);
        }

        Write("a.txt", "a\n");
        Write("b.txt", "b\n");
        Write("with space.txt", "space\n");
        Write("run.sh", "#!/bin/sh\necho ran\n", 0b111_101_101);
        Write("dir/c0.txt", "c0\n");
        Write("dir/deep/c1.txt", "c1\n");
        Write("dir/deep/c2.txt", "c2\n", 0b110_000_000);
        Write("dir/deep/tool", "tool\n", 0b111_101_101);
        Write("ignored/kept.txt", "kept\n");
        Write("ignored/left.log", "left\n");
        Write("ignored/deep/left.log", "left\n");
        Write("ignored/deep/back.log", "back\n");
        Write(".dockerignore", "**/*.log\n!ignored/deep/back.log\n.dockerignore\n");
        folder.Folder("context", "empty");
        folder.Folder("context", "links");
        Write("links/real", "real\n");
        File.CreateSymbolicLink(Path.Combine(root, "links", "soft"), "real");
        File.CreateSymbolicLink(Path.Combine(root, "links", "absolute"), "/etc/passwd");
        Pack(folder, root);
        return root;
    }

    private static void Pack(TempFolder folder, string root)
    {
        folder.File("pack/one/x", "x\n");
        folder.File("pack/y", "y\n");
        var pack = folder.Path("pack");
        foreach (var (name, flag) in new[] { ("plain.tar", ""), ("packed.tar.gz", "z"), ("packed.tar.bz2", "j"), ("packed.tar.xz", "J") })
            Run("tar", "--owner=3", "--group=4", "--numeric-owner", "--mtime=@0", "--sort=name", $"-c{flag}f", Path.Combine(root, name), "-C", pack, "one", "y");
        File.Copy(Path.Combine(pack, "y"), Path.Combine(root, "only"));
        Run("gzip", "-n", Path.Combine(root, "only"));
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
