using Suite.Image.Graph.Drivers;

namespace Suite.Image.Graph.Vfs;

/// <summary>Where things are below the driver's folder.</summary>
internal sealed class VfsLayout(string root)
{
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Committed layers, one directory each: the whole tree up to that layer.</summary>
    public string Layers => Path.Combine(Root, "l");

    /// <summary>Root file systems: KEY/root, and KEY/made, whose time of change says when.</summary>
    public string Rootfs => Path.Combine(Root, "r");

    /// <summary>The layers of each.</summary>
    public string RootLayers => Path.Combine(Root, "u");

    public string Drafts => Path.Combine(Root, "tmp");

    public string Trash => Path.Combine(Root, "trash");

    /// <summary>What an image without layers is.</summary>
    public string Empty => Path.Combine(Root, "empty");

    public string Layer(string id) => Path.Combine(Layers, LayerId.Checked(id));

    public string RootfsOf(string key) => Path.Combine(Rootfs, LayerId.Checked(key));

    public string Tree(string key) => Path.Combine(RootfsOf(key), "root");

    public string MadeMark(string key) => Path.Combine(RootfsOf(key), "made");

    public string Draft(string id) => Path.Combine(Drafts, $"{LayerId.Checked(id)}-{Guid.NewGuid():N}");

    /// <summary>The tree of a stack, which its topmost layer is.</summary>
    public string Top(IReadOnlyList<string> layers) => layers.Count == 0 ? Empty : Layer(layers[^1]);

    public void Make() => DriverFolder.Make(Root, Layers, Rootfs, Drafts, Trash, Empty);
}
