using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.Serialization;

namespace Suite.Image.Registries;

/// <summary>Answers a registry's challenges for one repository: Basic, or a token fetched from the realm it names.</summary>
internal sealed class Authorizer(HttpClient http, Uri registry, Credentials credentials, IReadOnlyList<string> scopes)
{
    private const int MaxTokenBytes = 1024 * 1024;

    private AuthenticationHeaderValue? _header =
        credentials.RegistryToken.Length > 0 ? new AuthenticationHeaderValue("Bearer", credentials.RegistryToken) : null;

    public AuthenticationHeaderValue? Header => _header;

    /// <returns>False when there is nothing new to try.</returns>
    public async Task<bool> AnswerAsync(HttpResponseMessage response, AuthenticationHeaderValue? tried, CancellationToken cancellationToken)
    {
        if (_header != tried) return true; // another request of this session got one meanwhile
        switch (Challenge.Choose(response.Headers.WwwAuthenticate))
        {
            case { Scheme: "basic" } when credentials.HasPassword && tried is null:
                _header = Basic();
                return true;
            case { Scheme: "bearer" } challenge when tried is null || tried.Scheme == "Bearer":
                var header = await FetchTokenAsync(challenge, cancellationToken).ConfigureAwait(false);
                var fresh = tried?.Parameter != header.Parameter;
                _header = header;
                return fresh;
            default:
                return false;
        }
    }

    private AuthenticationHeaderValue Basic() =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}")));

    private async Task<AuthenticationHeaderValue> FetchTokenAsync(Challenge challenge, CancellationToken cancellationToken)
    {
        using var request = Request(challenge);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new SuiteException(
                ErrorKind.Unauthenticated,
                $"The token server {request.RequestUri!.Host} of the registry {registry.Authority} refused ({(int)response.StatusCode}): check name and password, or log in.");
        var body = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        var token = OciJson.Parse(body, OciJsonContext.Default.TokenResponse, $"token of {request.RequestUri!.Host}", ErrorKind.Unavailable);
        var text = token.Token ?? token.AccessToken;
        return string.IsNullOrEmpty(text)
            ? throw new SuiteException(ErrorKind.Unauthenticated, $"The token server {request.RequestUri!.Host} gave no token.")
            : new AuthenticationHeaderValue("Bearer", text);
    }

    /// <summary>Bounded while it is read: afterwards a hostile server has filled the memory already.</summary>
    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxTokenBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new SuiteException(
                ErrorKind.Unauthenticated, $"The token server {response.RequestMessage!.RequestUri!.Host} sent more than {MaxTokenBytes} bytes, which is no token.", e);
        }

        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>GET with Basic, or the OAuth2 POST where the caller has a refresh token.</summary>
    private HttpRequestMessage Request(Challenge challenge)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("https" or "http"))
            throw new SuiteException(ErrorKind.Unauthenticated, $"The registry {registry.Authority} asks for a token but names no valid realm.");
        // A registry spoken to with TLS must not make us send a password without.
        if (realm.Scheme == "http" && registry.Scheme == "https")
            throw new SuiteException(ErrorKind.Unauthenticated, $"The registry {registry.Authority} sends to the token server {realm.Host} without TLS, which is refused.");

        // Those of the challenge, which knows best what it wants, and ours: a mount also reads another repository.
        var wanted = (challenge["scope"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []).Union(scopes).ToArray();
        if (credentials.IdentityToken.Length > 0)
        {
            var form = new Dictionary<string, string>
            {
                ["grant_type"] = "refresh_token", ["refresh_token"] = credentials.IdentityToken, ["client_id"] = "suite",
                ["service"] = challenge["service"] ?? "", ["scope"] = string.Join(' ', wanted),
            };
            return new HttpRequestMessage(HttpMethod.Post, realm) { Content = new FormUrlEncodedContent(form) };
        }

        var query = new StringBuilder(realm.Query.Length > 1 ? realm.Query[1..] + "&" : "");
        if (challenge["service"] is { } service) query.Append("service=").Append(Uri.EscapeDataString(service)).Append('&');
        query.AppendJoin('&', wanted.Select(s => "scope=" + Uri.EscapeDataString(s)));
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = query.ToString() }.Uri);
        if (credentials.HasPassword) request.Headers.Authorization = Basic();
        return request;
    }
}
