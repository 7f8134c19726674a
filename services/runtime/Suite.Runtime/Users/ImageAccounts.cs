using System.Collections.Concurrent;
using Suite.Linux.Mounts;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Users;

/// <summary>The accounts in a container's root file system, read once an image while no container has changed them.</summary>
internal sealed class ImageAccounts
{
    private const int MostImages = 256;

    private readonly ConcurrentDictionary<string, AccountFiles> _byImage = new();

    public AccountFiles Of(ContainerRecord container)
    {
        if (container.Rootfs is [var only] && only.Type != "overlay" && !only.Options.Contains("bind"))
            return OfDevice(only);
        var (upper, lower) = Layers(container.Rootfs);
        if (upper is not null && Directory.Exists(Path.Combine(upper, "etc")))
            return Read([upper, .. lower]);
        if (_byImage.TryGetValue(container.Image.Id, out var known))
            return known;
        if (_byImage.Count >= MostImages)
            _byImage.Clear();
        return _byImage[container.Image.Id] = Read(lower);
    }

    /// <summary>A block device is no directory: it is mounted where nobody sees it. A second mount of a file system is the same one.</summary>
    private static AccountFiles OfDevice(RootfsMount device)
    {
        using var mount = DetachedMount.Open(device.Type, device.Source, device.Options, readOnly: false);
        return Read([mount.Path]);
    }

    private static AccountFiles Read(IReadOnlyList<string> layers)
    {
        var tree = new LayeredTree(layers);
        return new AccountFiles(tree.ReadText("etc/passwd"), tree.ReadText("etc/group"));
    }

    /// <summary>The directories behind a root file system: an overlay's, or the one that is bound.</summary>
    private static (string? Upper, IReadOnlyList<string> Lower) Layers(IReadOnlyList<RootfsMount> mounts)
    {
        if (mounts is not [var mount])
            return (null, []);
        if (mount.Type != "overlay")
            return (mount.Source, []);
        var lower = Option(mount, "lowerdir=")?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return (Option(mount, "upperdir="), lower);
    }

    private static string? Option(RootfsMount mount, string name) =>
        mount.Options.FirstOrDefault(option => option.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
