using Suite.Image.Graph.Changes;
using Suite.Linux.Errors;
using Suite.Linux.Files;

namespace Suite.Image.Graph.Drivers;

/// <summary>
/// Keeps layers and puts root file systems together from them. Knows ids, not images: who uses what is the caller's to record.
///
/// A layer is made in three steps: <see cref="CreateLayer"/> gives a draft, the draft is filled from an archive, and its commit
/// makes it appear under its id in one rename. What is not committed is gone after <see cref="Recover"/>.
/// A root file system is a writable place over a stack of committed layers; the driver makes it and says how it is mounted, but
/// mounts nothing: the container's init does, in its own mount namespace. The description knows no user namespace: ids on disk are
/// the image's, and whoever mounts may map them, for overlay by mapping every directory that the options name (docs/adr/0026).
///
/// Drivers are safe to be called from several threads, for different ids.
/// </summary>
internal interface IGraphDriver
{
    /// <summary>"overlay", "vfs" or "devicemapper".</summary>
    string Name { get; }

    /// <summary>Whether a layer can be made before the ones below it: then layers are unpacked side by side.</summary>
    bool LayersAreIndependent { get; }

    /// <summary>Starts a layer. The id must not exist.</summary>
    /// <param name="below">
    /// The committed layers under it, lowest first; ignored where layers are independent. Elsewhere the layer is content of the whole
    /// stack: the same archive above another stack is another layer, and needs another id.
    /// </param>
    ILayerDraft CreateLayer(string id, IReadOnlyList<string> below);

    bool HasLayer(string id);

    IReadOnlyList<string> ListLayers();

    /// <summary>Removes a layer; unknown ids are no error. FailedPrecondition while a root file system uses it.</summary>
    void RemoveLayer(string id);

    TreeUsage LayerUsage(string id);

    /// <summary>Looks into a stack of layers as a container would see it, without mounting it.</summary>
    /// <param name="layers">Lowest first.</param>
    ILayerView View(IReadOnlyList<string> layers);

    /// <summary>Makes the writable part of a root file system. Idempotent: what a container wrote stays.</summary>
    /// <param name="layers">Lowest first; empty for an image without layers.</param>
    RootfsMount PrepareRootfs(string key, IReadOnlyList<string> layers);

    IReadOnlyList<string> ListRootfs();

    /// <summary>Removes a root file system with what was written to it; unknown keys are no error. It must not be mounted.</summary>
    void RemoveRootfs(string key);

    TreeUsage RootfsUsage(string key);

    /// <summary>
    /// What a root file system has otherwise than its layers: a directory before its content, names in the order of their bytes.
    /// A directory is among them when it changed itself or has a change inside. NotFound for an unknown key.
    /// </summary>
    /// <param name="layers">Those that it was prepared with, lowest first.</param>
    IReadOnlyList<TreeChange> RootfsChanges(string key, IReadOnlyList<string> layers, CancellationToken cancellationToken);

    /// <summary>
    /// Writes those changes as the uncompressed archive of a layer, which <see cref="ILayerDraft.Apply"/> of any driver takes. The
    /// root may be mounted and in use; then a file is as it was when its turn came. NotFound for an unknown key. Blocks.
    /// </summary>
    void WriteChanges(string key, IReadOnlyList<string> layers, ArchiveRules rules, Stream archive, CancellationToken cancellationToken);

    /// <summary>The same, all changes as they are.</summary>
    void WriteChanges(string key, IReadOnlyList<string> layers, Stream archive, CancellationToken cancellationToken) =>
        WriteChanges(key, layers, ArchiveRules.None, archive, cancellationToken);

    /// <summary>
    /// Writes a root file system whole, its layers included, as an uncompressed archive: what <c>docker export</c> gives. The root may
    /// be in use. NotFound for an unknown key. Blocks.
    /// </summary>
    /// <param name="layers">Those that it was prepared with, lowest first.</param>
    void WriteTree(string key, IReadOnlyList<string> layers, Stream archive, CancellationToken cancellationToken) =>
        throw new SuiteException(ErrorKind.Unsupported, $"The graph driver {Name} cannot export a whole root file system yet.");

    /// <summary>What <c>suite info</c> prints about the driver: names and values for people, in the order to print them.</summary>
    IReadOnlyList<(string Name, string Value)> Figures();

    /// <summary>Returns when these committed layers are on the disk. To be called once an image, before the record that names them.</summary>
    void Sync(IReadOnlyCollection<string> layers);

    /// <summary>Clears what a killed process left half made. To be called once, before any other call.</summary>
    void Recover();
}
