using System.Text;
using Suite.Image.Builds.Copies;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Native;
using Suite.Oci.References;

namespace Suite.Image.Builds.Contexts;

/// <summary>A context that comes whole, as a tar stream: the simplest way for a caller.</summary>
internal static class ContextTar
{
    public static void Read(Stream stream, ContextStore store, ContextTree tree, CancellationToken cancellationToken)
    {
        var archive = new TarReader(stream);
        while (archive.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Encoding.UTF8.GetString(EntryPath.Parse(entry.Name).Whole());
            if (path.Length == 0) continue;
            if (Take(archive, entry, path, store, tree) is { } file) tree.Add(file);
        }

        archive.Drain();
    }

    private static SourceFile? Take(TarReader archive, TarEntry entry, string path, ContextStore store, ContextTree tree)
    {
        var file = new SourceFile(path, entry.Mode & 0xFFF) { ModifiedSeconds = entry.ModifiedSeconds };
        switch (entry.Type)
        {
            case TarEntryType.Directory:
                return file with { Mode = FileCalls.S_IFDIR | file.Mode };
            case TarEntryType.SymbolicLink:
                return file with { Mode = FileCalls.S_IFLNK | 0x1FF, Link = Encoding.UTF8.GetString(entry.LinkName) };
            case TarEntryType.HardLink:
                var target = Encoding.UTF8.GetString(EntryPath.ParseTarget(entry).Whole());
                return tree.Find(target) is { IsFile: true } there ? there with { Path = path } : throw EntryPath.Refused(entry.Name, "it is a hard link to nothing");
            case TarEntryType.File:
                return file with { Mode = FileCalls.S_IFREG | file.Mode, Size = entry.Size, Digest = Keep(archive, store) };
            default:
                return null; // devices and pipes mean something on the caller's machine only
        }
    }

    private static Digest Keep(TarReader archive, ContextStore store)
    {
        using var draft = store.Create();
        for (var piece = archive.ReadBody(); !piece.IsEmpty; piece = archive.ReadBody()) draft.Write(piece);
        var digest = draft.Finish();
        draft.Keep(digest);
        return digest;
    }
}
