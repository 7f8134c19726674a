using System.Globalization;

namespace Suite.Runtime.Statistics;

/// <summary>What went over a network interface since it exists (proc_pid_net(5)).</summary>
internal sealed record InterfaceFigures(
    string Name,
    ulong ReceivedBytes,
    ulong ReceivedPackets,
    ulong ReceiveErrors,
    ulong ReceiveDrops,
    ulong SentBytes,
    ulong SentPackets,
    ulong SendErrors,
    ulong SendDrops)
{
    /// <param name="netDev">/proc/PID/net/dev: two lines of headings, then <c>eth0: 1 2 …</c>, eight figures received and eight sent.</param>
    /// <returns>Without loopback.</returns>
    public static IReadOnlyList<InterfaceFigures> Parse(string netDev)
    {
        var interfaces = new List<InterfaceFigures>();
        foreach (var line in netDev.Split('\n'))
        {
            var colon = line.LastIndexOf(':');
            if (colon < 0 || line[..colon].Trim() is not (not "lo" and var name))
                continue;
            var fields = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 12)
                continue;
            ulong Field(int i) => ulong.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
            interfaces.Add(new(name, Field(0), Field(1), Field(2), Field(3), Field(8), Field(9), Field(10), Field(11)));
        }
        return interfaces;
    }

    /// <param name="route">/proc/PID/net/route: a line of headings, then interface, destination and gateway in hexadecimal, …</param>
    /// <returns>The interface with the default route; empty when there is none.</returns>
    public static string DefaultOf(string route) => route.Split('\n')
        .Select(line => line.Split('\t'))
        .FirstOrDefault(fields => fields.Length > 7 && fields[1] == "00000000" && fields[7] == "00000000")?[0] ?? "";
}
