using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Specs;

/// <summary>Looks up on the host the devices that a container asks for.</summary>
internal static class HostDevices
{
    // Places of /dev that each container has of its own, and what is no device of the machine.
    private static readonly HashSet<string> Own = ["/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/fd", "/dev/console", "/dev/hugepages", "/dev/.udev"];

    /// <summary>Those asked for; for a privileged container all that the host has, and those asked for at their other paths.</summary>
    public static IReadOnlyList<ResolvedDevice> Resolve(ContainerConfig config)
    {
        var asked = config.Devices.SelectMany(Resolve);
        if (!config.Security.Privileged)
            return config.Devices.Count == 0 ? [] : [.. asked];
        return [.. Below("/dev").Concat(asked).GroupBy(device => device.Path).Select(group => group.Last())];
    }

    private static IEnumerable<ResolvedDevice> Below(string folder)
    {
        foreach (var path in Directory.GetFileSystemEntries(folder).Where(path => !Own.Contains(path)).Order(StringComparer.Ordinal))
        {
            // Links lead to nodes that are found by themselves. What was unplugged since is not there.
            if (FileStatus.Of(path, followLink: false) is not { } status)
                continue;
            if (status.Kind == FileKind.Directory)
            {
                foreach (var device in Below(path))
                    yield return device;
            }
            else if (ToResolved(path, status, new HostDevice(path, path, "rwm")) is { } device)
                yield return device;
        }
    }

    // A folder stands for the devices directly in it, as with Docker's --device /dev/snd.
    private static IEnumerable<ResolvedDevice> Resolve(HostDevice device)
    {
        var status = FileStatus.Of(device.HostPath, followLink: true)
            ?? throw new SuiteException(ErrorKind.InvalidArgument, $"device {device.HostPath}: is not on the host");
        if (status.Kind != FileKind.Directory)
            return [ToResolved(device.ContainerPath, status, device) ?? throw new SuiteException(ErrorKind.InvalidArgument, $"device {device.HostPath}: is no device")];
        return Directory.GetFiles(device.HostPath).Order(StringComparer.Ordinal)
            .Select(path => FileStatus.Of(path, followLink: true) is { } found ? ToResolved(Path.Combine(device.ContainerPath, Path.GetFileName(path)), found, device) : null)
            .OfType<ResolvedDevice>();
    }

    private static ResolvedDevice? ToResolved(string path, FileStatus status, HostDevice device) => status.Kind switch
    {
        FileKind.CharacterDevice => new(path, "c", status.DeviceMajor, status.DeviceMinor, status.Mode, status.Uid, status.Gid, device.Permissions),
        FileKind.BlockDevice => new(path, "b", status.DeviceMajor, status.DeviceMinor, status.Mode, status.Uid, status.Gid, device.Permissions),
        _ => null,
    };
}
