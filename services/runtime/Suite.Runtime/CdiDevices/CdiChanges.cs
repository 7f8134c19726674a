using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Oci.Runtime;

namespace Suite.Runtime.CdiDevices;

/// <summary>Makes the edits of devices in a container's specification. Pure but for a look at the host's device nodes.</summary>
internal static class CdiChanges
{
    public static Spec Apply(Spec spec, IReadOnlyList<CdiEdits> edits) => edits.Aggregate(spec, Apply);

    private static Spec Apply(Spec spec, CdiEdits edits)
    {
        var process = spec.Process!;
        var linux = spec.Linux!;
        LinuxDevice[] devices = [.. edits.DeviceNodes.Select(ToDevice)];
        return spec with
        {
            Process = process with
            {
                Env = [.. process.Env ?? [], .. edits.Env],
                User = process.User with { AdditionalGids = [.. (process.User.AdditionalGids ?? []).Union(edits.AdditionalGids.Where(gid => gid != 0))] },
            },
            Mounts = [.. spec.Mounts ?? [], .. edits.Mounts.Select(ToMount)],
            Hooks = CdiHooks.Add(spec.Hooks, edits.Hooks),
            Linux = linux with
            {
                Devices = [.. (linux.Devices ?? []).ExceptBy(devices.Select(device => device.Path), device => device.Path), .. devices],
                Resources = linux.Resources! with { Devices = [.. linux.Resources.Devices ?? [], .. devices.Zip(edits.DeviceNodes, ToRule)] },
                NetDevices = edits.NetDevices.Count == 0
                    ? linux.NetDevices
                    : edits.NetDevices.ToDictionary(device => device.HostInterfaceName, device => new NetDevice { Name = device.Name }),
                IntelRdt = edits.IntelRdt ?? linux.IntelRdt,
            },
        };
    }

    private static LinuxDevice ToDevice(CdiDeviceNode node)
    {
        var device = new LinuxDevice { Type = node.Type, Path = node.Path, Major = node.Major ?? 0, Minor = node.Minor ?? 0, FileMode = node.FileMode, Uid = node.Uid, Gid = node.Gid };
        if (node is { Type: not "", Major: not null, Minor: not null } || node.Type == "p")
            return device;
        var host = node.HostPath.Length > 0 ? node.HostPath : node.Path;
        var status = FileStatus.Of(host, followLink: true);
        var type = status?.Kind switch { FileKind.CharacterDevice => "c", FileKind.BlockDevice => "b", _ => null };
        if (type is null || (node.Type.Length > 0 && node.Type != type))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"device {host}: is {(type is null ? "no device" : $"of type {type}, not {node.Type},")} on the host, as its CDI file says");
        return device with
        {
            Type = type,
            Major = status!.DeviceMajor,
            Minor = status.DeviceMinor,
            FileMode = node.FileMode ?? (status.Mode & 0x1ff),
            Uid = node.Uid ?? (status.Uid == 0 ? null : status.Uid),
            Gid = node.Gid ?? (status.Gid == 0 ? null : status.Gid),
        };
    }

    private static DeviceRule ToRule(LinuxDevice device, CdiDeviceNode node) =>
        new() { Allow = true, Type = device.Type == "b" ? "b" : "c", Major = device.Major, Minor = device.Minor, Access = node.Permissions.Length > 0 ? node.Permissions : "rwm" };

    private static Mount ToMount(CdiMount mount) => new()
    {
        Destination = mount.ContainerPath,
        Source = mount.HostPath,
        Type = mount.Type.Length > 0 ? mount.Type : "bind",
        Options = mount.Type is "" or "bind" && !mount.Options.Any(option => option is "bind" or "rbind") ? ["bind", .. mount.Options] : mount.Options,
    };
}
