using System.Text;
using Suite.Graph.V1;
using Suite.Linux.Errors;
using static Tmds.Linux.LibC;

namespace Suite.Root.Tests.Images;

/// <summary>A root file system mounted for a test to look at, gone when disposed.</summary>
internal sealed class Mounted : IDisposable
{
    private Mounted(string path) => Path = path;

    public string Path { get; }

    public static Mounted Of(Mount mount) => Of(mount.Type, mount.Source, string.Join(',', mount.Options));

    public static unsafe Mounted Of(string type, string source, string options)
    {
        var path = Directory.CreateTempSubdirectory("image-mounted-").FullName;
        fixed (byte* s = Zero(source), t = Zero(path), f = Zero(type), o = Zero(options))
        {
            if (mount(s, t, f, 0, o) < 0)
            {
                var error = errno;
                Directory.Delete(path);
                throw new ErrnoException($"mount {type} on {path} with {options}", error);
            }
        }

        return new Mounted(path);
    }

    /// <summary>Files, and directories with nothing in them, in order.</summary>
    public IReadOnlyList<string> Leaves() =>
        [.. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
            .Where(p => !Directory.Exists(p) || !Directory.EnumerateFileSystemEntries(p).Any())
            .Select(p => p[Path.Length..]).Order(StringComparer.Ordinal)];

    public unsafe void Dispose()
    {
        fixed (byte* t = Zero(Path))
            if (umount2(t, 2) < 0) throw new ErrnoException($"unmount {Path}", errno); // MNT_DETACH
        Directory.Delete(Path);
    }

    private static byte[] Zero(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
