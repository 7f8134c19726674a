using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;

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

    /// <exception cref="SuiteException">
    /// Unsupported: no archive may name what is nested so deep, and no system call can. This bounds every walk that has paths.
    /// </exception>
    internal static byte[] Join(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name)
    {
        if (directory.Length + name.Length + 1 > TarLimits.Default.MaxName)
            throw new SuiteException(ErrorKind.Unsupported, $"The directories below '{TarEntry.Show(directory)}' are nested too deep: a path has {TarLimits.Default.MaxName} bytes at most.");
        return directory.IsEmpty ? name.ToArray() : [.. directory, (byte)'/', .. name];
    }
}
