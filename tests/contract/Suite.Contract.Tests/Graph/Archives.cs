using System.Text;
using Suite.Image.Graph.Tar;

namespace Suite.Contract.Tests.Graph;

/// <summary>Archives of layers, as tests write them.</summary>
internal static class Archives
{
    public static MemoryStream Of(params (string Name, string Content)[] files) =>
        Of([.. files.Select(f => (File(f.Name, f.Content), f.Content))]);

    public static MemoryStream Of(params TarEntry[] entries) => Of([.. entries.Select(e => (e, ""))]);

    public static MemoryStream Of(params (TarEntry Entry, string Content)[] entries)
    {
        var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        foreach (var (entry, content) in entries)
        {
            writer.Begin(entry);
            writer.Write(Encoding.UTF8.GetBytes(content));
        }

        writer.Finish();
        stream.Position = 0;
        return stream;
    }

    public static TarEntry File(string name, string content = "") =>
        new() { Name = Encoding.UTF8.GetBytes(name), Mode = 0x1A4, Size = Encoding.UTF8.GetByteCount(content), ModifiedSeconds = 1_000_000 };

    public static TarEntry Directory(string name, uint mode = 0x1ED, uint user = 0) =>
        new() { Type = TarEntryType.Directory, Name = Encoding.UTF8.GetBytes(name), Mode = mode, User = user, ModifiedSeconds = 2_000_000 };

    public static TarEntry Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) =>
        new() { Type = type, Name = Encoding.UTF8.GetBytes(name), LinkName = Encoding.UTF8.GetBytes(target), Mode = 0x1FF, ModifiedSeconds = 3_000_000 };
}
