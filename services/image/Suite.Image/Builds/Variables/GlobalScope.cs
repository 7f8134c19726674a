using Suite.Image.Builds.Dockerfiles;
using Suite.Oci.Images;

namespace Suite.Image.Builds.Variables;

/// <summary>Arguments before the first FROM, and those that are there by themselves. FROM sees them; a stage does after an ARG of its own.</summary>
internal sealed class GlobalScope
{
    /// <summary>Of proxies: commands see them without an ARG, and neither history nor cache does.</summary>
    private static readonly HashSet<string> Proxies =
    [
        "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy",
    ];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public GlobalScope(IReadOnlyDictionary<string, string> given, Platform target, string targetStage)
    {
        Given = given;
        Add("BUILD", Platform.Current);
        Add("TARGET", target);
        _values["TARGETSTAGE"] = targetStage.Length > 0 ? targetStage : "default";
        foreach (var name in _values.Keys.ToArray())
            if (given.TryGetValue(name, out var value)) _values[name] = value;
    }

    /// <summary>Those of the caller.</summary>
    public IReadOnlyDictionary<string, string> Given { get; }

    /// <summary>Declared before FROM, or automatic.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    public IEnumerable<KeyValuePair<string, string>> GivenProxies => Given.Where(a => Proxies.Contains(a.Key));

    public static bool IsProxy(string name) => Proxies.Contains(name);

    /// <summary>ARG before FROM.</summary>
    public void Declare(Instruction i)
    {
        foreach (var (name, said) in Arguments(i))
        {
            if (Given.TryGetValue(name, out var given)) _values[name] = given;
            else if (said is not null) _values[name] = new Expansion(_values.GetValueOrDefault).Of(i, said);
        }
    }

    /// <summary>Names with their defaults as written; null: none.</summary>
    public static IEnumerable<(string Name, string? Default)> Arguments(Instruction i)
    {
        foreach (var word in Words.SplitRaw(i, i.Arguments))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            if (name.Length == 0) throw i.Wrong($"has '{word}', which is no name=value");
            yield return (name, equals < 0 ? null : word[(equals + 1)..]);
        }
    }

    private void Add(string prefix, Platform platform)
    {
        _values[prefix + "PLATFORM"] = platform.ToString();
        _values[prefix + "OS"] = platform.Os;
        _values[prefix + "OSVERSION"] = platform.OsVersion ?? "";
        _values[prefix + "ARCH"] = platform.Architecture;
        _values[prefix + "VARIANT"] = platform.Variant ?? "";
    }
}
