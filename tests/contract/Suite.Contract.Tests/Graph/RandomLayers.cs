using System.Text;
using Suite.Image.Graph.Tar;

namespace Suite.Contract.Tests.Graph;

/// <summary>Archives in which few names meet often: every kind replaces, hides, links and merges every other, in any order.</summary>
internal sealed class RandomLayers(int seed)
{
    private static readonly string[] Names = ["a", "b", "c", "a/a", "a/b", "b/a", "a/a/a", "a/b/c", "b/a/a", "c/a"];

    private readonly Random _random = new(seed);

    private readonly StringBuilder _text = new();

    /// <summary>Whether the last archive has a symbolic link.</summary>
    public bool HasLink { get; private set; }

    public MemoryStream Next()
    {
        HasLink = false;
        _text.AppendLine("layer");
        return Archives.Of([.. Enumerable.Range(0, _random.Next(1, 9)).Select(_ => Entry())]);
    }

    /// <summary>The layers so far, for a person who has to find out why drivers differ.</summary>
    public override string ToString() => _text.ToString();

    private (TarEntry Entry, string Content) Entry()
    {
        var name = Pick();
        var slash = name.LastIndexOf('/') + 1;
        var content = $"{_random.Next(1000)}";
        var entry = _random.Next(12) switch
        {
            0 or 1 or 2 => Archives.Directory(name, (uint)_random.Next(0x200), (uint)_random.Next(3)),
            3 => Archives.Link(name, _random.Next(2) == 0 ? Pick() : "/" + Pick()),
            4 => Archives.Link(name, Pick(), TarEntryType.HardLink),
            5 or 6 => Archives.File($"{name[..slash]}.wh.{name[slash..]}"),
            7 => Archives.File($"{name[..slash]}.wh..wh..opq"),
            8 => new TarEntry { Type = TarEntryType.Fifo, Name = Encoding.UTF8.GetBytes(name), Mode = 0x180 },
            _ => Archives.File(name, content),
        };
        if (entry.Type == TarEntryType.Directory && _random.Next(3) == 0) entry.Xattrs.Add(("user.x"u8.ToArray(), [(byte)_random.Next(256)]));
        HasLink |= entry.Type == TarEntryType.SymbolicLink;
        _text.AppendLine($"  {entry.Type} {entry.ShownName} {TarEntry.Show(entry.LinkName)} {Convert.ToString(entry.Mode, 8)} {entry.User}");
        return (entry, entry.Size == 0 ? "" : content);
    }

    private string Pick() => Names[_random.Next(Names.Length)];
}
