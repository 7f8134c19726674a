using System.Globalization;
using System.Net;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>-p [[ADDRESS:]HOSTPORT:]PORT[/PROTOCOL], each port also a range as 8000-8010.</summary>
internal static class PortSyntax
{
    public static IEnumerable<PortMapping> Parse(string text)
    {
        var (ports, protocol) = text.Split('/') switch
        {
            [var all] => (all, "tcp"),
            [var all, var name] => (all, name.ToLowerInvariant()),
            _ => throw Wrong(text, "it has more than one \"/\""),
        };
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw Wrong(text, $"\"{protocol}\" is not tcp, udp or sctp");

        var (address, host, container) = Divide(text, ports);
        var inside = Range(text, container);
        var outside = host.Length == 0 ? default(PortRange?) : Range(text, host);
        if (outside is { } o && o.Count != inside.Count)
            throw Wrong(text, "its two ranges differ in length");

        return Enumerable.Range(0, inside.Count).Select(i => new PortMapping
        {
            Protocol = protocol,
            ContainerPort = (uint)(inside.First + i),
            HostPort = outside is { } range ? (uint)(range.First + i) : 0,
            HostIp = address,
        });
    }

    public static string Format(PortMapping port) => $"{Host(port)}:{port.HostPort}";

    /// <summary>The address of this machine on which a port is published, as it stands before a colon.</summary>
    public static string Host(PortMapping port) =>
        port.HostIp.Length == 0 ? "0.0.0.0" : port.HostIp.Contains(':') ? $"[{port.HostIp}]" : port.HostIp;

    private static (string Address, string Host, string Container) Divide(string text, string ports)
    {
        var address = "";
        if (ports.StartsWith('['))
        {
            var end = ports.IndexOf("]:", StringComparison.Ordinal);
            if (end < 0)
                throw Wrong(text, "an IPv6 address is written as [::1]:");
            address = ports[1..end];
            ports = ports[(end + 2)..];
        }

        var parts = ports.Split(':');
        if (parts.Length == 3 && address.Length == 0)
        {
            address = parts[0];
            parts = parts[1..];
        }

        if (address.Length > 0 && !IPAddress.TryParse(address, out _))
            throw Wrong(text, $"\"{address}\" is not an address");
        return parts switch
        {
            [var container] => (address, "", container),
            [var host, var container] => (address, host, container),
            _ => throw Wrong(text, "it has too many parts"),
        };
    }

    private static PortRange Range(string text, string ports) => ports.Split('-') switch
    {
        [var one] => new PortRange(Number(text, one), 1),
        [var first, var last] when Number(text, last) - Number(text, first) is >= 0 and var more => new PortRange(Number(text, first), more + 1),
        _ => throw Wrong(text, $"\"{ports}\" is not a range"),
    };

    private static int Number(string text, string port) =>
        ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw Wrong(text, $"\"{port}\" is not a port from 1 to 65535");

    private static SuiteException Wrong(string text, string reason) =>
        new(ErrorKind.InvalidArgument, $"cannot publish \"{text}\": {reason}; write [[ADDRESS:]HOSTPORT:]PORT[/PROTOCOL], for example 8080:80");

    private readonly record struct PortRange(int First, int Count);
}
