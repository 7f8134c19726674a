using System.Globalization;

namespace Suite.Image.Registries.Hosts;

/// <summary>How connections to a host are made.</summary>
/// <param name="Authorities">PEM files of authorities that are trusted beside the system's.</param>
/// <param name="Clients">PEM files of certificate and key; both may be one file.</param>
/// <param name="SkipVerify">Whoever answers is taken for the registry.</param>
internal sealed record TlsSettings(
    IReadOnlyList<string> Authorities, IReadOnlyList<(string Certificate, string Key)> Clients, bool SkipVerify, TimeSpan ConnectTimeout)
{
    public static TimeSpan DefaultConnectTimeout { get; } = TimeSpan.FromSeconds(15);

    public static TlsSettings Default { get; } = new([], [], false, DefaultConnectTimeout);

    public static TlsSettings Unverified { get; } = Default with { SkipVerify = true };

    /// <summary>The same for the same settings and files: a file that was replaced makes another.</summary>
    public string Key => string.Join(
        '\n',
        Authorities.Concat(Clients.SelectMany(c => (string[])[c.Certificate, c.Key]))
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f} {File.GetLastWriteTimeUtc(f).Ticks}"))
            .Append($"{SkipVerify} {ConnectTimeout}"));
}
