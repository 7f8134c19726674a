using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.Serialization;

namespace Suite.Cli.Registries;

/// <summary>Asks a registry over HTTP, with a name and a password where there are any, in the way that the registry wants them.</summary>
internal sealed class RegistryConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _host;
    private readonly HttpClient _http;
    private readonly (string User, string Password)? _credentials;

    /// <param name="host">Its name, for sentences.</param>
    /// <param name="address">Where it answers.</param>
    /// <param name="authority">PEM file of who vouches for it, if that is not the system's business.</param>
    /// <param name="credentials">Null: nobody by name.</param>
    public RegistryConnection(string host, Uri address, string? authority, (string User, string Password)? credentials)
    {
        _host = host;
        _credentials = credentials;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (authority is not null)
            handler.SslOptions = Trust(authority);
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Patience };
    }

    /// <summary>
    /// GETs a path. Who has credentials logs in first, as /v2/ says how: a registry may answer somebody without a name too, and with less.
    /// </summary>
    public async Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken)
    {
        AuthenticationHeaderValue? authorization = null;
        using (var ping = await SendAsync("/v2/", null, cancellationToken))
        {
            if (_credentials is not null && ping.StatusCode == HttpStatusCode.Unauthorized)
                authorization = await AnswerAsync(ping.Headers.WwwAuthenticate, cancellationToken);
        }

        var response = await SendAsync(path, authorization, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
            return response;
        // A token is for what was asked for with it, and only the path's own challenge says what that is.
        var challenges = response.Headers.WwwAuthenticate.ToList();
        response.Dispose();
        authorization = await AnswerAsync(challenges, cancellationToken);
        response = await SendAsync(path, authorization, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
            return response;
        response.Dispose();
        throw Refused();
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string path, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = authorization;
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException inner && inner.Message.Contains("frame", StringComparison.Ordinal))
        {
            // The library has no code for it: its words are that the answer is no TLS frame.
            throw new SuiteException(
                ErrorKind.FailedPrecondition, $"registry {_host} speaks HTTP without TLS, so that anybody between can read the password: to allow it nevertheless, add --plain-http", e);
        }
        catch (HttpRequestException e)
        {
            throw new SuiteException(ErrorKind.Unavailable, $"cannot reach registry {_host} at {_http.BaseAddress}: {(e.InnerException ?? e).Message}", e);
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException)
        {
            throw new SuiteException(ErrorKind.DeadlineExceeded, $"registry {_host} did not answer within {Patience.TotalSeconds} seconds", e);
        }
    }

    private async Task<AuthenticationHeaderValue?> AnswerAsync(IEnumerable<AuthenticationHeaderValue> challenges, CancellationToken cancellationToken)
    {
        AuthenticationHeaderValue? basic = _credentials is var (user, password)
            ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")))
            : null;
        var bearer = challenges.FirstOrDefault(challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        if (bearer?.Parameter is null)
            return basic;
        if (BearerChallenge.TokenAddress(bearer.Parameter, _http.BaseAddress!) is not { } address)
            throw new SuiteException(ErrorKind.Unavailable, $"registry {_host} wants a token and does not say from where: {bearer.Parameter}");
        using var response = await SendAsync(address, basic, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw Refused();
        var answer = OciJson.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken), OciJsonContext.Default.TokenResponse, $"token of {_host}");
        return new("Bearer", answer.Token ?? answer.AccessToken);
    }

    private SuiteException Refused() => new(
        ErrorKind.Unauthenticated,
        _credentials is null ? $"registry {_host} wants to know who you are: suite login {_host}" : $"registry {_host} refuses the user name or the password");

    private static SslClientAuthenticationOptions Trust(string path)
    {
        try
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(path);
            return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        catch (Exception e) when (e is CryptographicException or IOException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --ca {path}: {e.Message}", e);
        }
    }
}
