using System.Text;

namespace Suite.Image.Graph.Changes;

internal enum TreeChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One name that a root file system has otherwise than the layers below it.</summary>
/// <param name="Path">Below the root, without a slash at the start; bytes, as the kernel knows no encoding.</param>
internal sealed record TreeChange(TreeChangeKind Kind, byte[] Path)
{
    /// <summary>As <c>docker diff</c> prints it: <c>A /etc/new</c>, <c>C /etc</c>, <c>D /etc/old</c>.</summary>
    public override string ToString() =>
        $"{Kind switch { TreeChangeKind.Added => 'A', TreeChangeKind.Modified => 'C', _ => 'D' }} /{Encoding.UTF8.GetString(Path)}";

    internal static byte[] Join(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name) =>
        directory.IsEmpty ? name.ToArray() : [.. directory, (byte)'/', .. name];
}
