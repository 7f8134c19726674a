using Suite.Linux.Native;

namespace Suite.Image.Graph.Drivers;

/// <summary>A stack of layers seen as one tree.</summary>
internal interface ILayerView
{
    /// <summary>
    /// Follows links in <paramref name="path"/>, the last part included, inside the tree. Answers the path without links and what is
    /// there; null when nothing is. What does not exist stays in the path as it is.
    /// </summary>
    (string Path, FileStatus? Status) Resolve(string path);

    /// <summary>The directories that the tree is made of, to read its files; the caller disposes it.</summary>
    OpenedTree Open();
}
