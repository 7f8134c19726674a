using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Suite.Linux.Errors;
using Suite.Oci.Serialization;

namespace Suite.Registry.Upstreams;

/// <summary>What an upstream wants to see in Authorization, by repository: Basic, or a token from where its challenge says.</summary>
internal sealed partial class UpstreamLogin(HttpClient http, Uri registry, string? user, string password)
{
    private const int LargestToken = 256 * 1024;

    private readonly ConcurrentDictionary<string, AuthenticationHeaderValue> _headers = new(StringComparer.Ordinal);

    public AuthenticationHeaderValue? For(string name) => _headers.GetValueOrDefault(name);

    /// <summary>Answers a challenge. Does nothing when another request has done so meanwhile, or when there is nothing to answer with.</summary>
    public async Task AnswerAsync(
        string name, AuthenticationHeaderValue? tried, IEnumerable<AuthenticationHeaderValue> challenges, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(For(name), tried))
            return;
        var bearer = challenges.FirstOrDefault(challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        if (bearer?.Parameter is { } parameters)
            _headers[name] = await FetchAsync(name, parameters, cancellationToken).ConfigureAwait(false);
        else if (user is not null)
            _headers[name] = Basic();
    }

    private AuthenticationHeaderValue Basic() => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private async Task<AuthenticationHeaderValue> FetchAsync(string name, string parameters, CancellationToken cancellationToken)
    {
        var values = Parameter().Matches(parameters).ToLookup(match => match.Groups[1].Value, match => match.Groups[2].Value, StringComparer.OrdinalIgnoreCase);
        // A registry spoken to with TLS must not make us send a password without.
        if (!Uri.TryCreate(values["realm"].FirstOrDefault(), UriKind.Absolute, out var realm) || !(realm.Scheme == "https" || (realm.Scheme == "http" && registry.Scheme == "http")))
            throw new SuiteException(ErrorKind.Unavailable, $"the upstream at {registry} wants a token and names no place for it that is safe");
        var query = $"service={Uri.EscapeDataString(values["service"].FirstOrDefault() ?? "")}&scope={Uri.EscapeDataString($"repository:{name}:pull")}";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{realm}{(realm.Query.Length > 0 ? '&' : '?')}{query}");
        request.Headers.Authorization = user is null ? null : Basic();
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw new SuiteException(ErrorKind.Unavailable, $"the upstream at {registry} refuses the login ({(int)response.StatusCode}): check user and passwordFile in registry.json");
        await response.Content.LoadIntoBufferAsync(LargestToken, cancellationToken).ConfigureAwait(false);
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var token = OciJson.Parse(content, OciJsonContext.Default.TokenResponse, $"token of {realm.Host}", ErrorKind.Unavailable);
        return new AuthenticationHeaderValue("Bearer", token.Token ?? token.AccessToken);
    }

    [GeneratedRegex("""(\w+)="([^"]*)""")]
    private static partial Regex Parameter();
}
