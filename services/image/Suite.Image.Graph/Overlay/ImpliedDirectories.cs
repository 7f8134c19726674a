using Suite.Image.Graph.Layers;

namespace Suite.Image.Graph.Overlay;

/// <summary>
/// Directories that a layer's archive left out. A layer is unpacked without the ones below it, so they were made with attributes of
/// no one's choice; <see cref="SettledDirectories"/> gives them the right ones in each root file system. Most layers leave out none.
/// </summary>
internal static class ImpliedDirectories
{
    public static void Write(string path, IReadOnlyCollection<byte[]> directories)
    {
        // An id whose layer was removed, and its list not yet, may have been given out again.
        if (directories.Count == 0) File.Delete(path);
        else File.WriteAllBytes(path, [.. directories.SelectMany(d => d.Append((byte)0))]);
    }

    /// <summary>Parents before what is in them.</summary>
    public static SortedSet<byte[]> Read(string path)
    {
        var directories = new SortedSet<byte[]>(ByteNames.Order);
        if (!File.Exists(path)) return directories;
        ReadOnlySpan<byte> content = File.ReadAllBytes(path);
        foreach (var range in content.Split((byte)0))
            if (!content[range].IsEmpty) directories.Add(content[range].ToArray());
        return directories;
    }
}
