using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Builds;

/// <summary>Owner and mode that COPY was told to give, and the time for what has none of its own.</summary>
internal sealed record CopyAttributes(uint User, uint Group, uint? Mode, long Time);

/// <summary>Writes the planned entries as a tar stream.</summary>
internal static class LayerArchive
{
    public static void Write(Stream target, IReadOnlyList<CopyEntry> entries, CopyAttributes attributes, CancellationToken cancellationToken)
    {
        var tar = new TarWriter(target);
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Source is null) tar.Begin(Directory(entry, attributes));
            else WriteSource(tar, entry, entry.Source, attributes);
        }

        tar.Finish();
    }

    /// <summary>A directory on the way keeps what the image says about it: a layer that names it overrides the ones below.</summary>
    private static TarEntry Directory(CopyEntry entry, CopyAttributes attributes) => new()
    {
        Type = TarEntryType.Directory,
        Name = Encoding.UTF8.GetBytes(entry.Target + "/"),
        Mode = entry.Existing is { } there ? there.Mode & 0xFFFu : 0x1ED,
        User = entry.Existing?.User ?? attributes.User,
        Group = entry.Existing?.Group ?? attributes.Group,
        ModifiedSeconds = entry.Existing?.ModifiedSeconds ?? attributes.Time,
    };

    private static void WriteSource(TarWriter tar, CopyEntry entry, string source, CopyAttributes attributes)
    {
        // In a layer such a name deletes: what the reader of the image would find is the opposite of a copy.
        if (Path.GetFileName(entry.Target).StartsWith(".wh.", StringComparison.Ordinal))
            throw new SuiteException(ErrorKind.InvalidArgument, $"The context's '{entry.Target}' cannot be in an image: names that begin with '.wh.' mark deletions there.");
        var path = Encoding.UTF8.GetBytes(source);
        var result = FileCalls.StatAt(FileCalls.AT_FDCWD, path, out var status);
        if (result < 0) throw new ErrnoException($"stat {entry.Target} in the build's context", -result);
        var header = new TarEntry
        {
            Name = Encoding.UTF8.GetBytes(status.IsDirectory ? entry.Target + "/" : entry.Target),
            Mode = attributes.Mode ?? (status.Mode & 0xFFFu),
            User = attributes.User,
            Group = attributes.Group,
            ModifiedSeconds = status.ModifiedSeconds,
        };
        switch (status.Type)
        {
            case FileCalls.S_IFDIR:
                header.Type = TarEntryType.Directory;
                tar.Begin(header);
                break;
            case FileCalls.S_IFLNK:
                header.Type = TarEntryType.SymbolicLink;
                header.LinkName = Encoding.UTF8.GetBytes(new FileInfo(source).LinkTarget ?? "");
                tar.Begin(header);
                break;
            case FileCalls.S_IFREG:
                header.Type = TarEntryType.File;
                header.Size = (long)status.Size;
                tar.Begin(header);
                Copy(tar, source);
                break;
            default:
                throw new SuiteException(ErrorKind.Unsupported, $"The context's '{entry.Target}' is neither file, directory nor link, and cannot be copied.");
        }
    }

    private static void Copy(TarWriter tar, string source)
    {
        var buffer = new byte[256 * 1024];
        using var file = File.OpenRead(source);
        int read;
        while ((read = file.Read(buffer)) > 0) tar.Write(buffer.AsSpan(0, read));
    }
}
