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
        if (mount.Image is { Image.Length: > 0 })
            throw new SuiteException(ErrorKind.Unsupported, $"{field}.image: image volumes are not built yet");
        if (mount.UidMappings.Count + mount.GidMappings.Count > 0)
            throw new SuiteException(ErrorKind.Unsupported, $"{field}.uidMappings: id-mapped mounts are not built yet");
        if (!Path.IsPathRooted(mount.ContainerPath))
            throw Invalid($"{field}.container_path: {mount.ContainerPath} is not an absolute path");
        if (!Path.IsPathRooted(mount.HostPath))
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
        };
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
        };
        message.MountOptions.AddRange(mount.Options);
        return message;
    }

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
