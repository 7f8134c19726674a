using System.Text;
using Suite.Image.Graph.Drivers;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using static Tmds.Linux.LibC;

namespace Suite.Contract.Tests.Graph;

/// <summary>A root file system mounted as a container's init would, for a test to look at.</summary>
internal sealed class MountedRoot : IDisposable
{
    public unsafe MountedRoot(RootfsMount plan)
    {
        Path = Directory.CreateTempSubdirectory("image-contract-").FullName;
        fixed (byte* source = Zero(plan.Source), target = Zero(Path), type = Zero(plan.Type), options = Zero(string.Join(',', plan.Options)))
        {
            if (mount(source, target, type, 0, options) == 0) return;
            var error = errno;
            Directory.Delete(Path);
            throw new ErrnoException($"mount {plan.Type} on {Path}", error);
        }
    }

    public string Path { get; }

    /// <summary>Files, and directories with nothing in them, in order.</summary>
    public IReadOnlyList<string> Leaves() =>
        [.. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
            .Where(p => !Directory.Exists(p) || !Directory.EnumerateFileSystemEntries(p).Any())
            .Select(p => p[Path.Length..]).Order(StringComparer.Ordinal)];

    public string Read(string path) => File.ReadAllText(Path + path);

    public void Write(string path, string content) => File.WriteAllText(Path + path, content);

    /// <summary>Mode in octal, user, group.</summary>
    public string Stat(string path)
    {
        var result = FileCalls.StatAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(Path + path), out var status);
        return result < 0 ? throw new ErrnoException($"stat {path}", -result) : $"{Convert.ToString(status.Mode, 8)} {status.User} {status.Group}";
    }

    public unsafe void Dispose()
    {
        fixed (byte* target = Zero(Path))
            if (umount2(target, 0) < 0) throw new ErrnoException($"unmount {Path}", errno);
        Directory.Delete(Path);
    }

    private static byte[] Zero(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
