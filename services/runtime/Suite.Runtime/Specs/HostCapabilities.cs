using System.Globalization;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Specs;

/// <summary>
/// What this host lets anybody have (capabilities(7), bounding set). Our own driver leaves the rest out; others fail for it, with
/// each privileged container where one is missing.
/// </summary>
internal static class HostCapabilities
{
    private static readonly Lazy<ulong> s_bounding = new(() => Bounding(File.ReadAllText("/proc/self/status")));

    public static Process Cut(Process process) => Cut(process, s_bounding.Value);

    internal static Process Cut(Process process, ulong bounding) => process.Capabilities is not { } sets
        ? process
        : process with
        {
            Capabilities = new Capabilities
            {
                Bounding = Cut(sets.Bounding, bounding),
                Effective = Cut(sets.Effective, bounding),
                Permitted = Cut(sets.Permitted, bounding),
                Inheritable = Cut(sets.Inheritable, bounding),
                Ambient = Cut(sets.Ambient, bounding),
            },
        };

    /// <param name="status">The text of /proc/PID/status. Without the line nothing is cut.</param>
    internal static ulong Bounding(string status)
    {
        const string name = "CapBnd:";
        var line = status.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line.AsSpan(name.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var set) ? set : ulong.MaxValue;
    }

    // The list is by number.
    private static IReadOnlyList<string>? Cut(IReadOnlyList<string>? names, ulong bounding) =>
        names is null ? null : [.. names.Where(name => CapabilitySets.All.Index().FirstOrDefault(known => known.Item == name) is { Item: not null } found && (bounding & (1UL << found.Index)) != 0)];
}
