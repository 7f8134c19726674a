using System.Diagnostics;
using Suite.Testing.Files;

namespace Suite.Bench.Builds;

/// <summary>What the test Dockerfiles begin with and copy from.</summary>
internal static class BuildFiles
{
    public static void Make(TempFolder folder)
    {
        BusyboxRootfs.Make(folder.Folder("base", "rootfs"));
        folder.File("base/rootfs/etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n");
        folder.File("base/rootfs/etc/group", "root:x:0:\nappg:x:1001:\n");
        Directory.CreateDirectory(folder.Path("base", "rootfs", "tmp"), (UnixFileMode)0x3FF);
        folder.File("secret", "not to be told\n");
        foreach (var (path, content) in new[]
        {
            ("a.txt", "a\n"), ("b.txt", "b\n"), ("with space.txt", "space\n"), ("dir/c0.txt", "c0\n"), ("dir/deep/c1.txt", "c1\n"), ("dir/deep/c2.txt", "c2\n"), ("dir/deep/tool", "tool\n"),
            ("ignored/kept.txt", "kept\n"), ("links/real", "real\n"), ("run.sh", "#!/bin/sh\necho ran\n"),
        })
            folder.File($"context/{path}", content);
        File.SetUnixFileMode(folder.Path("context", "run.sh"), (UnixFileMode)0x1ED);
        folder.Folder("context", "empty");
        File.CreateSymbolicLink(folder.Path("context", "links", "soft"), "real");
        foreach (var (name, flag) in new[] { ("plain.tar", ""), ("packed.tar.gz", "z"), ("packed.tar.bz2", "j"), ("packed.tar.xz", "J") })
            Run("tar", $"-c{flag}f", folder.Path("context", name), "-C", folder.Path("context"), "dir", "a.txt");
        File.Copy(folder.Path("context", "a.txt"), folder.Path("context", "only"));
        Run("gzip", "-n", folder.Path("context", "only"));
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
    }
}
