using Suite.Image.Graph.Changes;
using Suite.Linux.Native;
using Suite.Linux.Processes;

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
            if (DeepStack.IsNearlyUsedUp) WriteDeeper(inside, below, writer, cancellationToken);
            else Write(inside, below, writer, cancellationToken);
        }
    }

    private static void WriteDeeper(LowerDirectory directory, byte[] path, ChangeArchive writer, CancellationToken cancellationToken) =>
        DeepStack.GoOn(() => Write(directory, path, writer, cancellationToken));
}
