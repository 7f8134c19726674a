using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Drivers;

/// <summary>What drivers do alike with the folder that each has of its own.</summary>
internal static class DriverFolder
{
    /// <summary>Makes a driver's folder and those in it.</summary>
    public static void Make(string root, params IEnumerable<string> inside)
    {
        Directory.CreateDirectory(root);
        // Set-uid programs of images must be out of reach for the host's users: only root passes (CVE-2021-41091).
        File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var directory in inside) Directory.CreateDirectory(directory);
    }

    public static string[] Names(string directory) => [.. Directory.EnumerateDirectories(directory).Select(d => Path.GetFileName(d)!)];

    /// <summary>Moves a tree to the trash, which is one step, and then deletes it, which is many.</summary>
    public static void Discard(string path, string trash)
    {
        if (!Directory.Exists(path)) return;
        var moved = Path.Combine(trash, Guid.NewGuid().ToString("N"));
        Directory.Move(path, moved);
        FileTree.Remove(moved);
    }

    public static void Clear(params IEnumerable<string> directories)
    {
        foreach (var directory in directories)
            foreach (var name in Names(directory))
                FileTree.Remove(Path.Combine(directory, name));
    }

    /// <summary>An open directory that no link led to; the caller closes it.</summary>
    public static int Open(string path)
    {
        var directory = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(path), FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW);
        return directory >= 0 ? directory : throw new ErrnoException($"open {path}", -directory);
    }
}
