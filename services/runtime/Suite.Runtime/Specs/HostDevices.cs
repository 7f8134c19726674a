using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Specs;

/// <summary>Looks up on the host the devices that a container asks for.</summary>
internal static class HostDevices
{
    public static IReadOnlyList<ResolvedDevice> Resolve(ContainerConfig config) =>
        config.Devices.Count == 0 ? [] : [.. config.Devices.SelectMany(Resolve)];

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
