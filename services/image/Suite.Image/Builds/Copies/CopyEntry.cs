using Suite.Linux.Native;

namespace Suite.Image.Builds.Copies;

/// <summary>One entry of the layer that a COPY makes.</summary>
/// <param name="Target">Path in the image, without a leading slash.</param>
/// <param name="Source">Null for a directory that is only on the way.</param>
/// <param name="Tree">Where the source's content is read.</param>
/// <param name="Existing">What the image has there already, for a directory on the way.</param>
internal sealed record CopyEntry(string Target, SourceFile? Source, ISourceTree? Tree, FileStatus? Existing);

/// <summary>What to copy, before it is known where everything goes.</summary>
/// <param name="Tree">Where it is.</param>
/// <param name="Matches">What the sources name.</param>
/// <param name="Pivot">With --parents: how much of a source's path is left out of what is kept.</param>
internal sealed record CopySource(ISourceTree Tree, IReadOnlyList<SourceFile> Matches, string? Pivot = null);
