using Suite.Linux.Native;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>The options of a mount, sorted by the call that wants them.</summary>
/// <param name="Set">MOUNT_ATTR_* bits to set on the mount.</param>
/// <param name="Clear">MOUNT_ATTR_* bits to clear on it.</param>
/// <param name="RecursiveSet">Bits to set on it and on every mount below.</param>
/// <param name="RecursiveClear">Bits to clear on it and on every mount below.</param>
/// <param name="Propagation">MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE, with MS_REC or without; 0: left alone.</param>
/// <param name="Data">Options of the file system itself, in order.</param>
internal sealed record MountSettings(
    ulong Set, ulong Clear, ulong RecursiveSet, ulong RecursiveClear, uint Propagation, IReadOnlyList<string> Data)
{
    public static readonly MountSettings None = new(0, 0, 0, 0, 0, []);

    public MountIds Ids { get; init; } = MountIds.None;

    /// <summary>The directory or file of a new file system that is seen instead of its root; empty: its root.</summary>
    public string Part { get; init; } = "";

    /// <summary>The bits of a mount that is made anew: it has nothing below it, so "recursive" says no more.</summary>
    public ulong OfNewMount => Set | RecursiveSet;

    internal void Write(WireWriter writer)
    {
        writer.ULong(Set);
        writer.ULong(Clear);
        writer.ULong(RecursiveSet);
        writer.ULong(RecursiveClear);
        writer.UInt(Propagation);
        writer.Strings(Data);
        Ids.Write(writer);
        writer.String(Part);
    }

    internal static MountSettings Read(ref WireReader reader) =>
        new(reader.ULong(), reader.ULong(), reader.ULong(), reader.ULong(), reader.UInt(), reader.Strings()) { Ids = MountIds.Read(ref reader), Part = reader.String() };

    public override string ToString()
    {
        var words = new List<string>();
        Name(words, Set, "", "");
        Name(words, Clear & ~MountCalls.MOUNT_ATTR__ATIME, "", "-");
        Name(words, RecursiveSet, "r", "");
        Name(words, RecursiveClear & ~MountCalls.MOUNT_ATTR__ATIME, "r", "-");
        if (Propagation != 0)
            words.Add(MountOptions.PropagationName(Propagation));
        words.AddRange(Data);
        if (Part.Length > 0)
            words.Add($"only {Part}");
        if (Ids.Any)
            words.Add(Ids.ToString()[2..]);
        return words.Count == 0 ? "" : $" ({string.Join(", ", words)})";
    }

    private static void Name(List<string> words, ulong bits, string recursive, string sign)
    {
        foreach (var (bit, name) in MountOptions.AttributeNames)
        {
            if ((bits & bit) != 0)
                words.Add(sign + recursive + name);
        }
    }
}
