using System.Text.RegularExpressions;

namespace Suite.Cli.Registries;

/// <summary>Where a Bearer challenge sends for a token.</summary>
internal static partial class BearerChallenge
{
    /// <summary>Null without a realm, and where the realm is plain HTTP and the registry is not: a password must not go there.</summary>
    public static string? TokenAddress(string parameters, Uri registry)
    {
        var values = Parameter().Matches(parameters)
            .GroupBy(match => match.Groups[1].Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First().Groups[2].Value, StringComparer.OrdinalIgnoreCase);
        if (!Uri.TryCreate(values.GetValueOrDefault("realm"), UriKind.Absolute, out var realm) || !(realm.Scheme == Uri.UriSchemeHttps || (realm.Scheme == Uri.UriSchemeHttp && registry.Scheme == Uri.UriSchemeHttp)))
            return null;
        var query = new List<string>();
        foreach (var name in (string[])["service", "scope"])
        {
            if (values.TryGetValue(name, out var value))
                query.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return query.Count == 0 ? realm.ToString() : $"{realm}{(realm.Query.Length > 0 ? '&' : '?')}{string.Join('&', query)}";
    }

    [GeneratedRegex("""(\w+)="([^"]*)"[, ]*""")]
    private static partial Regex Parameter();
}
