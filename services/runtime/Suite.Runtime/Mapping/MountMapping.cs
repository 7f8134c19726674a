using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>
/// CRI's words for a mount, into ours. selinux_relabel is accepted without effect: kubelet sets it for its own mounts on every
/// node, and containers have no labels here.
/// </summary>
internal static class MountMapping
{
    private static readonly string[] KnownOptions = ["nodev", "noexec", "nosuid"];

    public static BindMount ToDomain(Cri.Mount mount, string field, bool privileged)
    {
        if (!Path.IsPathRooted(mount.ContainerPath))
            throw Invalid($"{field}.container_path: {mount.ContainerPath} is not an absolute path");
        var image = mount.Image is { Image.Length: > 0 } ? ToVolume(mount, field) : null;
        if (image is null && mount.ImageSubPath.Length > 0)
            throw Invalid($"{field}.image_sub_path: needs image");
        if (image is null && !Path.IsPathRooted(mount.HostPath))
            throw Invalid($"{field}.host_path: {mount.HostPath} is not an absolute path");
        var propagation = (Propagation)mount.Propagation;
        if (mount.RecursiveReadOnly && !mount.Readonly)
            throw Invalid($"{field}.recursive_read_only: needs readonly");
        if (mount.RecursiveReadOnly && propagation != Propagation.Private)
            throw Invalid($"{field}.recursive_read_only: needs PROPAGATION_PRIVATE");
        if (propagation == Propagation.Bidirectional && !privileged)
            throw Invalid($"{field}.propagation: PROPAGATION_BIDIRECTIONAL changes the host's mounts, and needs a privileged container");
        if (mount.MountOptions.FirstOrDefault(option => !KnownOptions.Contains(option)) is { } unknown)
            throw Invalid($"{field}.mount_options: {unknown} is none of {string.Join(", ", KnownOptions)}");
        return new BindMount(mount.HostPath, mount.ContainerPath, mount.Readonly)
        {
            Propagation = propagation,
            RecursiveReadOnly = mount.RecursiveReadOnly,
            Options = [.. mount.MountOptions],
            Ids = UserMapping.OfMount(mount, field),
            MapsIds = mount.UidMappings.Count + mount.GidMappings.Count > 0,
            SelinuxRelabel = mount.SelinuxRelabel,
            Image = image,
        };
    }

    private static ImageVolume ToVolume(Cri.Mount mount, string field)
    {
        if (!mount.Readonly)
            throw Invalid($"{field}.readonly: an image can only be mounted read-only");
        if (mount.HostPath.Length > 0)
            throw Invalid($"{field}.host_path: {mount.HostPath} is given beside image; give one of the two");
        if (mount.Propagation != Cri.MountPropagation.PropagationPrivate)
            throw Invalid($"{field}.propagation: an image can only be mounted with PROPAGATION_PRIVATE");
        if (Path.IsPathRooted(mount.ImageSubPath) || mount.ImageSubPath.Split('/').Contains(".."))
            throw Invalid($"{field}.image_sub_path: {mount.ImageSubPath} is not a path below the image's root");
        return new ImageVolume(mount.Image.Image, mount.ImageSubPath) { UserSpecifiedImage = mount.Image.UserSpecifiedImage };
    }

    public static Cri.Mount ToMessage(this BindMount mount)
    {
        var message = new Cri.Mount
        {
            ContainerPath = mount.ContainerPath,
            HostPath = mount.HostPath,
            Readonly = mount.ReadOnly,
            Propagation = (Cri.MountPropagation)mount.Propagation,
            RecursiveReadOnly = mount.RecursiveReadOnly,
            SelinuxRelabel = mount.SelinuxRelabel,
        };
        if (mount.Ids is { } ids)
        {
            message.UidMappings.Add(UserMapping.ToMessage(ids.Users));
            message.GidMappings.Add(UserMapping.ToMessage(ids.Groups));
        }
        message.MountOptions.AddRange(mount.Options);
        if (mount.Image is { } volume)
        {
            message.Image = new Cri.ImageSpec { Image = volume.Reference, UserSpecifiedImage = volume.UserSpecifiedImage, ImageRef = volume.Id };
            message.ImageSubPath = volume.SubPath;
        }
        return message;
    }

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
