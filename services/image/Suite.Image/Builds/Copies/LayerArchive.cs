using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Oci.References;

namespace Suite.Image.Builds.Copies;

/// <summary>Writes planned entries as a tar stream.</summary>
internal sealed class LayerArchive(CopyAttributes attributes)
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    public void Write(Stream target, IReadOnlyList<CopyEntry> entries, CancellationToken cancellationToken)
    {
        var tar = new TarWriter(target);
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Source is null) tar.Begin(Directory(entry));
            else WriteSource(tar, entry, entry.Source, entry.Tree!);
        }

        tar.Finish();
    }

    /// <summary>A directory on the way keeps what the image says about it: a layer that names it overrides the ones below.</summary>
    private TarEntry Directory(CopyEntry entry) => new()
    {
        Type = TarEntryType.Directory,
        Name = Encoding.UTF8.GetBytes(entry.Target + "/"),
        Mode = entry.Existing is { } there ? there.Mode & 0xFFFu : 0x1ED,
        User = entry.Existing?.User ?? attributes.User ?? 0,
        Group = entry.Existing?.Group ?? attributes.Group ?? 0,
        ModifiedSeconds = entry.Existing?.ModifiedSeconds ?? attributes.Time,
    };

    private void WriteSource(TarWriter tar, CopyEntry entry, SourceFile source, ISourceTree tree)
    {
        // In a layer such a name deletes: what the reader of the image would find is the opposite of a copy.
        if (Path.GetFileName(entry.Target).StartsWith(".wh.", StringComparison.Ordinal))
            throw new SuiteException(ErrorKind.InvalidArgument, $"'{entry.Target}' cannot be in an image: names that begin with '.wh.' mark deletions there.");
        var header = new TarEntry
        {
            Name = Encoding.UTF8.GetBytes(source.IsDirectory ? entry.Target + "/" : entry.Target),
            Mode = attributes.Mode is { } mode && !source.IsLink ? mode.Of(source.Mode, source.IsDirectory) : source.Mode & 0xFFFu,
            User = attributes.User ?? source.User,
            Group = attributes.Group ?? source.Group,
            ModifiedSeconds = attributes.LatestTime is { } latest ? Math.Min(latest, source.ModifiedSeconds) : source.ModifiedSeconds,
        };
        header.Xattrs.AddRange(tree.Xattrs(source));
        switch (source.Mode & FileCalls.S_IFMT)
        {
            case FileCalls.S_IFDIR:
                header.Type = TarEntryType.Directory;
                break;
            case FileCalls.S_IFLNK:
                header.Type = TarEntryType.SymbolicLink;
                header.LinkName = Encoding.UTF8.GetBytes(source.Link);
                break;
            case FileCalls.S_IFREG:
                header.Type = TarEntryType.File;
                header.Size = source.Size;
                tar.Begin(header);
                Copy(tar, entry.Target, source, tree);
                return;
            case FileCalls.S_IFIFO:
                header.Type = TarEntryType.Fifo;
                break;
            case FileCalls.S_IFCHR or FileCalls.S_IFBLK:
                header.Type = (source.Mode & FileCalls.S_IFMT) == FileCalls.S_IFCHR ? TarEntryType.CharacterDevice : TarEntryType.BlockDevice;
                (header.DeviceMajor, header.DeviceMinor) = (source.DeviceMajor, source.DeviceMinor);
                break;
            default:
                throw new SuiteException(ErrorKind.Unsupported, $"'{entry.Target}' is neither file, directory, link nor device, and cannot be copied.");
        }

        tar.Begin(header);
    }

    /// <summary>What the plan was made of must be what is written: content that is known by its digest is hashed on the way.</summary>
    private void Copy(TarWriter tar, string target, SourceFile source, ISourceTree tree)
    {
        using var hasher = source.Digest is { } known ? new DigestHasher(known.Algorithm) : null;
        using var file = tree.Open(source);
        for (var left = source.Size; left > 0;)
        {
            var read = file.Read(_buffer.AsSpan(0, (int)Math.Min(left, _buffer.Length)));
            if (read == 0) throw new SuiteException(ErrorKind.Corrupt, $"'{target}' became shorter while it was copied: build again.");
            hasher?.Append(_buffer.AsSpan(0, read));
            tar.Write(_buffer.AsSpan(0, read));
            left -= read;
        }

        if (hasher is not null && hasher.Finish() != source.Digest)
            throw new SuiteException(ErrorKind.Corrupt, $"The kept content of '{target}' is not {source.Digest} any more: build again, and it is sent anew.");
    }
}
