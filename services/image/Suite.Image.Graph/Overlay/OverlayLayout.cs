using Suite.Image.Graph.Drivers;
using Suite.Linux.Storage;

namespace Suite.Image.Graph.Overlay;

/// <summary>
/// Where things are below the driver's folder. Names are short, as all lower directories of a container must fit into the one
/// page that mount(2) takes as options.
/// </summary>
internal sealed class OverlayLayout(string root)
{
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Committed layers, one directory each, which is the layer's own root.</summary>
    public string Layers => Path.Combine(Root, "l");

    /// <summary>Writable parts: KEY/upper and KEY/work.</summary>
    public string Rootfs => Path.Combine(Root, "r");

    /// <summary>Drafts. What is here belongs to a running process, or to nobody.</summary>
    public string Drafts => Path.Combine(Root, "tmp");

    /// <summary>What is being deleted: moved here in one step, so that half of it is never taken for whole.</summary>
    public string Trash => Path.Combine(Root, "trash");

    /// <summary>The lower directory of images without a layer; overlayfs wants at least one.</summary>
    public string Empty => Path.Combine(Root, "empty");

    /// <summary>What committed layers have left out, a file for each that did.</summary>
    public string ImpliedLists => Path.Combine(Root, "i");

    /// <summary>The layers of each root.</summary>
    public string RootLayers => Path.Combine(Root, "u");

    public string Implied(string id) => Path.Combine(ImpliedLists, id);

    public string Layer(string id) => Path.Combine(Layers, id);

    public string Upper(string key) => Path.Combine(Rootfs, key, "upper");

    public string Work(string key) => Path.Combine(Rootfs, key, "work");

    public void Make()
    {
        DriverFolder.Make(Root, Layers, Rootfs, Drafts, Trash, Empty, ImpliedLists);
        // A layer is made in Drafts and stays on that part of the disk when it is moved.
        UnrelatedTrees.Spread(Drafts);
        UnrelatedTrees.Spread(Rootfs);
    }
}
