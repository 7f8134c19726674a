using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>linux.netDevices of config.json, checked (config-linux.md, Network Devices).</summary>
internal static class DeviceMovePlanner
{
    public static IReadOnlyList<DeviceMove> From(IReadOnlyDictionary<string, NetDevice>? devices, NamespacePlanner namespaces)
    {
        if (devices is not { Count: > 0 })
            return [];
        namespaces.Require(NamespaceTypes.Network, "linux.netDevices");
        var moves = new List<DeviceMove>();
        foreach (var (name, device) in devices.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Check(name, $"linux.netDevices[{name}]");
            var wanted = string.IsNullOrEmpty(device?.Name) ? name : device.Name;
            Check(wanted.Replace("%d", "", StringComparison.Ordinal) is { Length: > 0 } rest ? rest : "%", $"linux.netDevices[{name}].name");
            if (wanted.IndexOf('%', StringComparison.Ordinal) is >= 0 and var first && wanted.LastIndexOf('%') != first)
                throw Invalid($"linux.netDevices[{name}].name", wanted);
            if (!wanted.Contains('%', StringComparison.Ordinal) && moves.Exists(move => move.NewName == wanted))
                throw new SuiteException(ErrorKind.InvalidArgument, $"linux.netDevices[{name}].name: {wanted} is the name of another device of the container");
            moves.Add(new DeviceMove(name, wanted));
        }

        return moves;
    }

    // dev_valid_name of net/core/dev.c; IFNAMSIZ is 16 with the zero.
    private static void Check(string name, string field)
    {
        if (name.Length is 0 or > 15 || name is "." or ".." || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '/' or ':' or '%'))
            throw Invalid(field, name);
    }

    private static SuiteException Invalid(string field, string name) => new(ErrorKind.InvalidArgument, $"{field}: \"{name}\" is not the name of a network device");
}
