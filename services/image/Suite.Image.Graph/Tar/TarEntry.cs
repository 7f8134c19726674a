using System.Text;

namespace Suite.Image.Graph.Tar;

/// <summary>One entry of an archive. Names are bytes as they were written; nothing about them has been checked.</summary>
internal sealed class TarEntry
{
    public TarEntryType Type { get; set; }

    public byte[] Name { get; set; } = [];

    /// <summary>Target of a link: of a symbolic one any text, of a hard one the name of an earlier entry.</summary>
    public byte[] LinkName { get; set; } = [];

    /// <summary>Permission bits with set-uid, set-gid and sticky; no file type.</summary>
    public uint Mode { get; set; }

    public uint User { get; set; }

    public uint Group { get; set; }

    /// <summary>Bytes of content that follow; of a sparse file also those that the archive leaves out.</summary>
    public long Size { get; set; }

    public long ModifiedSeconds { get; set; }

    public int ModifiedNanoseconds { get; set; }

    public uint DeviceMajor { get; set; }

    public uint DeviceMinor { get; set; }

    public List<(byte[] Name, byte[] Value)> Xattrs { get; } = [];

    /// <summary>The name for an error sentence: control characters and overlength do not reach a terminal.</summary>
    public string ShownName => Show(Name);

    public static string Show(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name.Length > 200 ? name[..200] : name);
        return string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) + (name.Length > 200 ? "…" : "");
    }
}
