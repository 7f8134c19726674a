using Suite.Linux.Native;
using Suite.Oci.References;

namespace Suite.Image.Builds.Copies;

/// <summary>A file, directory or link that may be copied into an image.</summary>
/// <param name="Path">From its tree's root, without a leading slash; empty: the root.</param>
/// <param name="Mode">With the type, as stat(2) has it.</param>
internal sealed record SourceFile(string Path, uint Mode)
{
    public uint User { get; init; }

    public uint Group { get; init; }

    public long Size { get; init; }

    public long ModifiedSeconds { get; init; }

    /// <summary>Where a symbolic link leads to.</summary>
    public string Link { get; init; } = "";

    /// <summary>Of the content, where it is known without reading it.</summary>
    public Digest? Digest { get; init; }

    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    public string Name => System.IO.Path.GetFileName(Path);

    public bool IsDirectory => (Mode & FileCalls.S_IFMT) == FileCalls.S_IFDIR;

    public bool IsFile => (Mode & FileCalls.S_IFMT) == FileCalls.S_IFREG;

    public bool IsLink => (Mode & FileCalls.S_IFMT) == FileCalls.S_IFLNK;

    public static SourceFile Of(string path, FileStatus status, string link) => new(path, status.Mode)
    {
        User = status.User, Group = status.Group, Size = status.Type == FileCalls.S_IFREG ? (long)status.Size : 0, ModifiedSeconds = status.ModifiedSeconds, Link = link,
        DeviceMajor = status.DeviceMajor, DeviceMinor = status.DeviceMinor,
    };
}
