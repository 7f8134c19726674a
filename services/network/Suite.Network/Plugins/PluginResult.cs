using System.Net;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;
using Suite.Network.Attachments;

namespace Suite.Network.Plugins;

/// <summary>
/// Reads a chain's final result (SPEC.md, section 5): of its interfaces the one in the sandbox, and its addresses. It is somebody
/// else's text: what is not what it should be is an error or left out, never taken on trust.
/// </summary>
internal static class PluginResult
{
    private const int MostAddresses = 64;

    public static PluginNetwork Read(string network, string interfaceName, JsonObject result)
    {
        var interfaces = Objects(result, "interfaces").ToList();
        // Before 1.0.0 "ips" have a "version" beside, which the address says itself. An address without an interface is the sandbox's.
        var ours = Objects(result, "ips").Take(MostAddresses).Where(ip => IsInside(ip, interfaces, interfaceName)).ToList();
        string[] addresses = [.. ours.Select(ip => PluginList.Text(ip, "address")).Select(Check)];
        if (addresses.Length == 0)
        {
            throw new SuiteException(ErrorKind.Unavailable, $"the plugins of {network} gave {interfaceName} no address");
        }

        var dns = result["dns"] as JsonObject ?? [];
        return new PluginNetwork(
            network,
            interfaceName,
            Done: true,
            addresses,
            [.. ours.Select(ip => PluginList.Text(ip, "gateway")).Where(gateway => IPAddress.TryParse(gateway, out _))],
            interfaces.Where(link => PluginList.Text(link, "name") == interfaceName && PluginList.Text(link, "sandbox").Length > 0)
                .Select(link => PluginList.Text(link, "mac")).FirstOrDefault() ?? "",
            new DnsSettings(
                [.. Texts(dns, "nameservers").Where(server => IPAddress.TryParse(server, out _))],
                [.. Texts(dns, "search").Where(IsOneWord)],
                [.. Texts(dns, "options").Where(IsOneWord)]));
    }

    private static bool IsInside(JsonObject ip, List<JsonObject> interfaces, string name) =>
        ip["interface"] is not JsonValue value || !value.TryGetValue(out int index) || index < 0 || index >= interfaces.Count
        || (PluginList.Text(interfaces[index], "sandbox").Length > 0 && PluginList.Text(interfaces[index], "name") == name);

    private static string Check(string address) =>
        address.Split('/') is [var number, var prefix] && IPAddress.TryParse(number, out var ip) && int.TryParse(prefix, out int length) && length is >= 0 and <= 128
            ? $"{ip}/{length}"
            : throw new SuiteException(ErrorKind.Unavailable, $"a plugin gave \"{PluginFailure.Quote(address)}\" as an address");

    private static IEnumerable<JsonObject> Objects(JsonObject holder, string key) => (holder[key] as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<string> Texts(JsonObject holder, string key) =>
        (holder[key] as JsonArray ?? []).OfType<JsonValue>().Select(value => value.TryGetValue(out string? text) ? text : "").Where(text => text.Length > 0);

    /// <summary>It becomes a word of a line of resolv.conf.</summary>
    private static bool IsOneWord(string text) => text.Length < 256 && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
