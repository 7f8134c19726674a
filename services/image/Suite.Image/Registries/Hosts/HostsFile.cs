using System.Globalization;
using Suite.Linux.Errors;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Serialization;

namespace Suite.Image.Registries.Hosts;

/// <summary>hosts.toml in containerd's format (containerd docs/hosts.md): the hosts in the order of the file, the server last.</summary>
internal static class HostsFile
{
    /// <param name="server">The registry's own address, used unless the file names another.</param>
    public static IReadOnlyList<RegistryHost> Parse(string text, string file, Uri server)
    {
        HostsTable table;
        try
        {
            table = new HostsTable(TomlSerializer.Deserialize(text, HostsTomlContext.Default.TomlTable) ?? [], file);
        }
        catch (TomlException e)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{file} is not valid TOML: {e.Message}", e);
        }

        var hosts = table.Tables("host").Select(h => Host(h.Table, h.Name, file, server)).ToList();
        var named = table.Text("server");
        if (named is not null && hosts.Any(h => h.Base == Address(named, false, file))) return hosts;
        return [.. hosts, Host(table, named ?? server.GetLeftPart(UriPartial.Authority), file, server)];
    }

    private static RegistryHost Host(HostsTable table, string address, string file, Uri server)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string Full(string path) => Path.Combine(folder, path);
        var at = Address(address, table.Flag("override_path") ?? false, file);
        var clients = (table.Groups("client") ?? []).Select(pair => pair switch
        {
            [var both] => (Full(both), Full(both)),
            [var certificate, var key] => (Full(certificate), Full(key)),
            _ => throw table.Wrong("client", "has a group that is not one or two files"),
        });
        var tls = new TlsSettings(
            [.. (table.Texts("ca") ?? []).Select(Full)], [.. clients], table.Flag("skip_verify") ?? false,
            table.Text("dial_timeout") is { } wait ? Duration(table, wait) : TlsSettings.DefaultConnectTimeout);
        return new RegistryHost(at, Capabilities(table), tls, [.. table.Pairs("header")], at.Authority != server.Authority);
    }

    private static HostCapabilities Capabilities(HostsTable table)
    {
        if (table.Texts("capabilities") is not { } names) return HostCapabilities.All;
        return names.Aggregate(HostCapabilities.None, (all, name) => all | name switch
        {
            "pull" => HostCapabilities.Pull,
            "resolve" => HostCapabilities.Resolve,
            "push" => HostCapabilities.Push,
            _ => throw table.Wrong("capabilities", $"has '{name}': pull, resolve and push are known"),
        });
    }

    private static Uri Address(string text, bool overridePath, string file)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"In {file} '{text}' is not the address of a host.");
        var path = uri.AbsolutePath.TrimEnd('/');
        if (!overridePath && !path.EndsWith("/v2", StringComparison.Ordinal)) path += "/v2";
        return new Uri(uri, path + "/");
    }

    /// <summary>Go's way to write durations, as far as anybody writes a time-out: 500ms, 30s, 2m.</summary>
    private static TimeSpan Duration(HostsTable table, string text)
    {
        var unit = text.TrimStart("0123456789.".ToCharArray());
        double factor = unit switch { "ms" => 0.001, "s" => 1, "m" => 60, _ => 0 };
        return factor > 0 && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
            ? TimeSpan.FromSeconds(number * factor)
            : throw table.Wrong("dial_timeout", $"is '{text}': write 500ms, 30s or 2m");
    }
}

/// <summary>Reading of TOML generated at build time, as Native AOT has no reflection.</summary>
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class HostsTomlContext : TomlSerializerContext;
