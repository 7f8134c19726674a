using System.Net.Http.Headers;

namespace Suite.Image.Registries;

/// <summary>What a registry asks for with 401: a WWW-Authenticate header taken apart (RFC 9110, 11.6.1).</summary>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    public static Challenge? Choose(HttpHeaderValueCollection<AuthenticationHeaderValue> offered)
    {
        var header = offered.FirstOrDefault(h => Is(h, "Bearer")) ?? offered.FirstOrDefault(h => Is(h, "Basic"));
        return header is null ? null : new Challenge(header.Scheme.ToLowerInvariant(), Parse(header.Parameter ?? ""));
    }

    private static bool Is(AuthenticationHeaderValue header, string scheme) => header.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>key="value", key=value … A comma within quotes belongs to the value: scopes have them.</summary>
    internal static Dictionary<string, string> Parse(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var at = 0;
        while (at < text.Length)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0) break;
            var key = text[at..equals].Trim(' ', ',', '\t');
            at = equals + 1;
            var value = new System.Text.StringBuilder();
            if (at < text.Length && text[at] == '"')
            {
                for (at++; at < text.Length && text[at] != '"'; at++)
                {
                    if (text[at] == '\\' && at + 1 < text.Length) at++;
                    value.Append(text[at]);
                }

                at++;
            }
            else
            {
                for (; at < text.Length && text[at] != ','; at++) value.Append(text[at]);
            }

            parameters[key] = value.ToString().Trim();
        }

        return parameters;
    }
}
