using System.Text;
using Suite.Image.Graph.Layers;
using Suite.Linux.Native;

namespace Suite.Contract.Tests.Graph;

/// <summary>A tree as text, a line a name, with all that a layer can say about it: two trees are alike when their texts are.</summary>
internal static class TreeText
{
    public static IReadOnlyList<string> Of(string root)
    {
        var lines = new List<string>();
        var directory = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(root), FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
        Assert.True(directory >= 0);
        Walk(directory, "/", lines, []);
        return lines;
    }

    private static void Walk(int directory, string path, List<string> lines, Dictionary<ulong, string> linked)
    {
        try
        {
            List(directory, path, lines, linked);
        }
        finally
        {
            FileCalls.Close(directory); // an open one would keep its mount, and hide why this failed
        }
    }

    private static void List(int directory, string path, List<string> lines, Dictionary<ulong, string> linked)
    {
        foreach (var name in ByteNames.In(directory))
        {
            var shown = path + Encoding.UTF8.GetString(name);
            if (FileCalls.StatAt(directory, name, out var status) < 0)
            {
                lines.Add($"{shown} is listed and not there");
                continue;
            }

            // A directory's time is that of its last name, which is another in each copy of the tree.
            var line = $"{shown} {Convert.ToString(status.Mode, 8)} {status.User}:{status.Group}"
                + (status.IsDirectory ? "" : $" {status.ModifiedSeconds}.{status.ModifiedNanoseconds:D9}");
            if (status.Type is FileCalls.S_IFCHR or FileCalls.S_IFBLK) line += $" dev {status.DeviceMajor}:{status.DeviceMinor}";
            if (status.Type == FileCalls.S_IFLNK) line += $" -> {Encoding.UTF8.GetString(FileLinks.Read(directory, name))}";
            if (status.Type == FileCalls.S_IFREG) line += $" {Content(directory, name)}";
            if (status.Links > 1 && !status.IsDirectory && !linked.TryAdd(status.Inode, shown)) line += $" = {linked[status.Inode]}";
            foreach (var (key, value) in FileXattrs.Of(directory, name)) line += $" {Encoding.UTF8.GetString(key)}={Convert.ToHexStringLower(value)}";
            lines.Add(line);
            if (!status.IsDirectory) continue;
            var child = FileCalls.OpenAt(directory, name, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
            Assert.True(child >= 0, $"{shown} cannot be opened: {child}");
            Walk(child, shown + "/", lines, linked);
        }
    }

    private static string Content(int directory, byte[] name)
    {
        var file = FileCalls.OpenAt(directory, name, FileCalls.O_RDONLY);
        var buffer = new byte[64 * 1024];
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        int read;
        while ((read = FileContent.Read(file, buffer)) > 0) hash.AppendData(buffer, 0, read);
        FileCalls.Close(file);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
