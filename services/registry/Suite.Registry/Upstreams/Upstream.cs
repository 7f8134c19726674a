using System.Net;
using System.Net.Http.Headers;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Registry.Upstreams;

/// <summary>A registry that this one asks, logging in as it wants.</summary>
internal sealed class Upstream(UpstreamOptions options, Uri address, HttpClient http, string password) : IDisposable
{
    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(30);

    private readonly UpstreamLogin _login = new(http, address, options.User, password);

    public string Prefix => options.Prefix;

    public string Namespace => options.Namespace ?? options.Prefix;

    public TimeSpan Freshness => options.Freshness;

    /// <summary>Sends a request and returns when the headers of the answer are here.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="name">The repository's name there.</param>
    /// <param name="rest">What follows it: manifests/latest.</param>
    /// <param name="from">The first byte wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SuiteException"><see cref="ErrorKind.Unavailable"/>: it cannot be reached or does not answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string name, string rest, long from, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HeaderPatience);
        try
        {
            var tried = _login.For(name);
            var response = await SendOnceAsync(method, name, rest, from, tried, limit.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
                return response;
            using (response)
                await _login.AnswerAsync(name, tried, response.Headers.WwwAuthenticate, limit.Token).ConfigureAwait(false);
            return await SendOnceAsync(method, name, rest, from, _login.For(name), limit.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new SuiteException(ErrorKind.Unavailable, $"cannot reach the upstream {Prefix} at {address}: {e.Message}", e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SuiteException(ErrorKind.Unavailable, $"the upstream {Prefix} at {address} did not answer within {HeaderPatience.TotalSeconds} seconds");
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method, string name, string rest, long from, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, $"/v2/{name}/{rest}"));
        request.Headers.Authorization = authorization;
        request.Headers.UserAgent.ParseAdd("suite-registry");
        foreach (var type in MediaTypes.Manifests)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*", 0.1));
        if (from > 0)
            request.Headers.Range = new RangeHeaderValue(from, null);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }
}
