using Suite.Image.Graph.Changes;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Overlay;

/// <summary>Writes the tree that some layers show together, without mounting them.</summary>
internal static class OverlayTree
{
    /// <param name="topFirst">Directories, the writable one first.</param>
    public static void Write(IReadOnlyList<string> topFirst, Stream archive, CancellationToken cancellationToken)
    {
        using var root = LowerDirectory.OpenRoot(topFirst);
        var writer = new ChangeArchive(root.Top, archive);
        Write(root, [], writer, cancellationToken);
        writer.Finish();
    }

    private static void Write(LowerDirectory directory, byte[] path, ChangeArchive writer, CancellationToken cancellationToken)
    {
        foreach (var name in directory.Names())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (directory.Find(name) is not { } found) continue; // a container at work
            var below = TreeChange.Join(path, name);
            writer.Add(found.Directory, name, below);
            if (found.Status.Type != FileCalls.S_IFDIR) continue;
            using var inside = directory.Enter(name);
            Write(inside, below, writer, cancellationToken);
        }
    }
}
