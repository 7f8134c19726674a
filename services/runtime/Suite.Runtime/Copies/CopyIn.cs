using Suite.Runtime.Containers;
using Suite.Runtime.Journals;

namespace Suite.Runtime.Copies;

/// <summary>Unpacks a tar archive into a folder of a container, running or not.</summary>
internal sealed class CopyIn(ContainerRoots roots, Journal journal)
{
    /// <param name="container">Any.</param>
    /// <param name="path">A folder in it.</param>
    /// <param name="toRoot">All belongs to root; otherwise the archive's numbers stay.</param>
    /// <param name="archive">The tar archive.</param>
    public async Task CopyAsync(ContainerRecord container, string path, bool toRoot, Stream archive, CancellationToken cancellationToken)
    {
        await roots.WithRootAsync(container, async root =>
        {
            RootedFile.OpenFolder(root, path).Dispose();
            await new UnpackTar(root, path, toRoot).UnpackAsync(archive, cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
        journal.Record(container, Actions.Copy, ("path", path));
    }
}
