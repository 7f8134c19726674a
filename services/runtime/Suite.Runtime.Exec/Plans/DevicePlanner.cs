using System.Collections.Immutable;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

/// <summary>The contents of /dev: what config-linux.md says is always there, and what config.json adds.</summary>
internal static class DevicePlanner
{
    private static readonly (string Path, uint Major, uint Minor)[] Defaults =
    [
        ("/dev/null", 1, 3), ("/dev/zero", 1, 5), ("/dev/full", 1, 7), ("/dev/random", 1, 8), ("/dev/urandom", 1, 9), ("/dev/tty", 5, 0),
    ];

    private static readonly (string Path, string Target)[] Links =
    [
        ("/dev/fd", "/proc/self/fd"), ("/dev/stdin", "/proc/self/fd/0"), ("/dev/stdout", "/proc/self/fd/1"),
        ("/dev/stderr", "/proc/self/fd/2"), ("/dev/ptmx", "pts/ptmx"),
    ];

    public static void Add(ImmutableArray<Step>.Builder steps, IReadOnlyList<LinuxDevice> devices, IReadOnlyList<Mount> mounts)
    {
        // Somebody else's /dev, bound into the container, is not ours to change.
        if (mounts.Any(m => m.Destination.TrimEnd('/') == "/dev" && (m.Type == "bind" || (m.Options ?? []).Any(o => o is "bind" or "rbind"))))
            return;

        foreach (var (path, major, minor) in Defaults)
        {
            if (!devices.Any(device => device.Path == path))
                steps.Add(new MakeDevice(path, 'c', major, minor, 0x1b6 /* 0666 */, 0, 0));
        }

        for (var i = 0; i < devices.Count; i++)
            steps.Add(Plan(devices[i], $"linux.devices[{i}]"));
        foreach (var (path, target) in Links)
            steps.Add(new MakeLink(path, target));
    }

    private static MakeDevice Plan(LinuxDevice device, string field)
    {
        var type = device.Type switch
        {
            "c" or "u" => 'c',
            "b" => 'b',
            "p" => 'p',
            _ => throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.type: \"{device.Type}\" is none of c, u, b, p"),
        };
        if (device.Major is < 0 or > 0xfff || device.Minor is < 0 or > 0xfffff)
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: {device.Major}:{device.Minor} is no device number");

        if (device.Uid == uint.MaxValue || device.Gid == uint.MaxValue)
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.{(device.Uid == uint.MaxValue ? "uid" : "gid")}: {uint.MaxValue} is nobody");
        var mode = device.FileMode ?? 0x1b6;
        var path = Names.CheckAbsolute(device.Path, $"{field}.path");
        return new MakeDevice(path, type, (uint)device.Major, (uint)device.Minor, mode & 0xfff, device.Uid ?? 0, device.Gid ?? 0);
    }
}
