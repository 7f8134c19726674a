using System.Formats.Tar;
using System.Text;
using Suite.Testing.Files;

namespace Suite.E2e.Tests.Runtime;

/// <summary>A build context: a Dockerfile, and the host's static busybox with a link for each command that tests use.</summary>
internal static class BusyboxContext
{
    private static readonly string[] Commands =
        ["sh", "echo", "sleep", "cat", "id", "ls", "kill", "true", "false", "hostname", "ps", "mount", "touch", "seq", "dd", "yes", "head", "trap", "pgrep", "env", "ip"];

    private const UnixFileMode Executable = (UnixFileMode)0x1ed;

    public static byte[] Tar()
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(Text("Dockerfile", "FROM scratch\nCOPY root /\nENV FROM_IMAGE=yes\nCMD [\"/bin/sh\"]\n"));
            tar.WriteEntry(Text("root/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n"));
            tar.WriteEntry(Text("root/etc/group", "root:x:0:\nwheel:x:10:root,alice\nalice:x:1000:\n"));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "root/tmp") { Mode = (UnixFileMode)0x3ff });
            using var busybox = File.OpenRead(BusyboxRootfs.Program!);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "root/bin/busybox") { Mode = Executable, DataStream = busybox });
            foreach (var command in Commands)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, $"root/bin/{command}") { LinkName = "busybox" });
        }
        return stream.ToArray();
    }

    private static PaxTarEntry Text(string name, string text) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };
}
