using Suite.Linux.Errors;
using Suite.Linux.Mounts;
using Suite.Runtime.Peers;
using Suite.Runtime.Users;

namespace Suite.Runtime.Containers;

/// <summary>
/// Images as volumes: the image service keeps each in use under a key of the container's, as it does a root file system, and
/// what it describes is mounted without its writable layer.
/// </summary>
internal sealed class ImageVolumes(ImagePeer images)
{
    private const string Lower = "lowerdir=";
    private const string Part = "suite.part=";

    /// <returns>The mounts with what their images resolved to.</returns>
    public async Task<IReadOnlyList<BindMount>> PrepareAsync(string containerId, IReadOnlyList<BindMount> mounts, CancellationToken cancellationToken)
    {
        if (!mounts.Any(mount => mount.Image is not null))
            return mounts;
        var prepared = new List<BindMount>(mounts);
        for (var i = 0; i < prepared.Count; i++)
        {
            if (prepared[i].Image is not { } volume)
                continue;
            var rootfs = await images.PrepareAsync(KeyOf(containerId, i), volume.Reference, isTemporary: false, cancellationToken).ConfigureAwait(false);
            prepared[i] = prepared[i] with { Image = volume with { Id = rootfs.Image.Id, Mount = ReadOnly(rootfs.Mounts[0], volume, $"config.mounts[{i}]") } };
        }
        return prepared;
    }

    /// <summary>Gives them back. Those that were never made are no error.</summary>
    public async Task RemoveAsync(string containerId, IReadOnlyList<BindMount> mounts, CancellationToken cancellationToken)
    {
        for (var i = 0; i < mounts.Count; i++)
        {
            if (mounts[i].Image is not null)
                await images.RemoveAsync(KeyOf(containerId, i), cancellationToken).ConfigureAwait(false);
        }
    }

    private static string KeyOf(string containerId, int mount) => $"{containerId}-volume{mount}";

    private static RootfsMount ReadOnly(RootfsMount rootfs, ImageVolume volume, string field)
    {
        if (rootfs.Type is not ("overlay" or "bind"))
            return OfDevice(rootfs with { Options = [.. rootfs.Options.Where(option => option != "rw"), "ro"] }, volume, field);
        var layers = rootfs.Type == "bind"
            ? [rootfs.Source]
            : rootfs.Options.FirstOrDefault(option => option.StartsWith(Lower, StringComparison.Ordinal))?[Lower.Length..].Split(':') ?? [];
        return new LayeredTree(layers).Find(volume.SubPath) switch
        {
            [] => throw Missing(volume, field),
            [var only] => new RootfsMount("bind", only, ["rbind", "rprivate", "ro"]),
            var several => new RootfsMount("overlay", "overlay", [Lower + string.Join(':', several), "ro"]),
        };
    }

    /// <summary>Of a device the container's first process mounts a part. So that what is missing is told now, it is looked for where nobody sees it.</summary>
    private static RootfsMount OfDevice(RootfsMount device, ImageVolume volume, string field)
    {
        if (volume.SubPath.Length == 0)
            return device;
        using var mount = DetachedMount.Open(device.Type, device.Source, device.Options.Where(option => option != "ro"), readOnly: true);
        var found = new LayeredTree([mount.Path]).Resolve(volume.SubPath) ?? throw Missing(volume, field);
        return device with { Options = [.. device.Options, $"{Part}/{Path.GetRelativePath(mount.Path, found)}"] };
    }

    private static SuiteException Missing(ImageVolume volume, string field) =>
        new(ErrorKind.InvalidArgument, $"{field}.image_sub_path: image {volume.Reference} has no {volume.SubPath}");
}
