using System.Diagnostics;
using Suite.Linux.Errors;

namespace Suite.Testing.Files;

/// <summary>The files of a small Linux: busybox, a link for each of its commands, and the /etc that programs expect.</summary>
public static class BusyboxRootfs
{
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;

    /// <summary>busybox-static's program on this machine; null when the package is not installed.</summary>
    public static string? Program { get; } = new[] { "/bin/busybox", "/usr/bin/busybox" }.FirstOrDefault(File.Exists);

    /// <summary>Fills a folder, which may exist, and returns it.</summary>
    public static string Make(string folder)
    {
        var program = Program ??
            throw new SuiteException(ErrorKind.FailedPrecondition, "make a root folder of busybox: busybox-static is not installed; run `make deps`");

        foreach (var name in new[] { "bin", "dev", "etc", "proc", "root", "sys", "tmp", "usr", "var", "run" })
            Directory.CreateDirectory(Path.Combine(folder, name));
        File.SetUnixFileMode(Path.Combine(folder, "tmp"), Executable | (UnixFileMode)0b010_010 | UnixFileMode.StickyBit);

        var copy = Path.Combine(folder, "bin", "busybox");
        File.Copy(program, copy, overwrite: true);
        File.SetUnixFileMode(copy, Executable);
        foreach (var command in Commands(program))
        {
            var link = Path.Combine(folder, "bin", command);
            if (command != "busybox" && !File.Exists(link))
                File.CreateSymbolicLink(link, "busybox");
        }

        File.WriteAllText(Path.Combine(folder, "etc", "passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        File.WriteAllText(Path.Combine(folder, "etc", "group"), "root:x:0:\nnogroup:x:65534:\n");
        return folder;
    }

    private static string[] Commands(string program)
    {
        using var list = Process.Start(new ProcessStartInfo(program, "--list") { RedirectStandardOutput = true })!;
        var names = list.StandardOutput.ReadToEnd();
        list.WaitForExit();
        return names.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
