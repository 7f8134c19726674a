using System.Net;
using System.Net.Sockets;
using Suite.Image.Registries.Hosts;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.References;
using Suite.Oci.Serialization;

namespace Suite.Image.Registries;

/// <summary>
/// One caller's requests to one repository: authorised, redirected, repeated and taken to the next host as needed. Answers with the
/// last response, whatever its status; throws <see cref="ErrorKind.Unavailable"/> when none came.
/// </summary>
/// <param name="endpoints">Mirrors first, the registry last.</param>
/// <param name="patience">How long a host may be silent before the next one is asked.</param>
internal sealed class RegistrySession(Reference reference, IReadOnlyList<RegistryEndpoint> endpoints, TimeSpan patience, TimeProvider time)
{
    private const int MaxAttempts = 4;

    /// <summary>Of a host behind which there is another.</summary>
    private const int MaxMirrorAttempts = 2;

    private const int MaxRedirects = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public Reference Reference => reference;

    /// <summary>For requests that send something: a host that neither takes it nor answers is given up.</summary>
    /// <param name="need">What the host must be allowed to do.</param>
    /// <param name="what">What is sent, for an error's sentence.</param>
    /// <param name="make">Makes the request anew for each attempt; a sent one cannot be sent again. Its content renews the patience.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HostCapabilities need, string what, Func<RegistryEndpoint, Patience, HttpRequestMessage> make, CancellationToken cancellationToken) =>
        (await AskAllAsync(need, silence => silence.ErrorOfSending(what), make, cancellationToken).ConfigureAwait(false)).Response;

    /// <summary>For requests that fetch something: a host that is silent is given up.</summary>
    /// <param name="what">What is fetched, for an error's sentence.</param>
    /// <returns>The response, whose headers have come, and who gave it.</returns>
    public Task<(HttpResponseMessage Response, RegistryEndpoint Source)> FetchAsync(
        HostCapabilities need, string what, Func<RegistryEndpoint, HttpRequestMessage> make, CancellationToken cancellationToken) =>
        AskAllAsync(need, silence => silence.Error(what), (endpoint, _) => make(endpoint), cancellationToken);

    /// <summary>To be asked while the body of a response comes.</summary>
    public Patience Watch(RegistryEndpoint source, CancellationToken cancellationToken) => new(patience, NameOf(source), cancellationToken);

    /// <summary>Gives up a host in the middle of what it sends. False for the last one, behind which there is nobody.</summary>
    public bool TryGiveUp(RegistryEndpoint source, HostCapabilities need)
    {
        if (endpoints.Last(e => e.Host.Allows(need)) == source) return false;
        return source.IsDown = true;
    }

    private async Task<(HttpResponseMessage Response, RegistryEndpoint Source)> AskAllAsync(
        HostCapabilities need, Func<Patience, SuiteException> silent, Func<RegistryEndpoint, Patience, HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var able = endpoints.Where(e => e.Host.Allows(need)).ToArray();
        if (able.Length == 0)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"No host is configured that may {need.ToString().ToLowerInvariant()} for the registry {reference.Host}: see its hosts.toml.");
        foreach (var endpoint in able.SkipLast(1).Where(e => !e.IsDown))
        {
            try
            {
                var response = await AskAsync(endpoint, MaxMirrorAttempts, silent, make, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode || !endpoint.Host.IsMirror) return (response, endpoint);
                response.Dispose(); // a mirror that lacks it, or fails: the next one may do better
            }
            catch (SuiteException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.Unauthenticated or ErrorKind.FailedPrecondition) // the last: it has no TLS
            {
                endpoint.IsDown = true;
            }
        }

        return (await AskAsync(able[^1], MaxAttempts, silent, make, cancellationToken).ConfigureAwait(false), able[^1]);
    }

    private async Task<HttpResponseMessage> AskAsync(
        RegistryEndpoint endpoint, int attempts, Func<Patience, SuiteException> silent, Func<RegistryEndpoint, Patience, HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var last = attempt == attempts;
            var wait = TimeSpan.FromMilliseconds(200 << attempt);
            using var silence = Watch(endpoint, cancellationToken);
            try
            {
                var response = await SendOnceAsync(endpoint, () => make(endpoint, silence), silence.Token).ConfigureAwait(false);
                if (last || !IsPassing(response.StatusCode)) return response;
                wait = Wait(response, wait);
                response.Dispose();
            }
            catch (HttpRequestException e)
            {
                if (last || !IsPassing(e)) throw Unreachable(endpoint, e);
            }
            catch (Exception e) when (silence.Explains(e))
            {
                throw silent(silence);
            }
            catch (TaskCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw Unreachable(endpoint, e); // the connection timeout
            }

            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What a response that is no success means to the caller.</summary>
    public async Task<SuiteException> FailureAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        using var silence = new Patience(patience, Reference.Host, cancellationToken);
        var said = await ReadErrorAsync(response, silence).ConfigureAwait(false);
        return status switch
        {
            HttpStatusCode.NotFound => new(ErrorKind.NotFound, $"The registry {Reference.Host} has no {what}: check the name{said}."),
            HttpStatusCode.Unauthorized => new(
                ErrorKind.Unauthenticated, $"The registry {Reference.Host} wants a login for {what}, or it does not exist: log in, or check the name{said}."),
            HttpStatusCode.Forbidden => new(ErrorKind.PermissionDenied, $"The registry {Reference.Host} denies access to {what}{said}."),
            HttpStatusCode.TooManyRequests => new(ErrorKind.Unavailable, $"The registry {Reference.Host} limits requests; try {what} again later{said}."),
            >= HttpStatusCode.InternalServerError => new(ErrorKind.Unavailable, $"The registry {Reference.Host} failed with {(int)status} for {what}; try again later{said}."),
            _ => new(ErrorKind.Internal, $"The registry {Reference.Host} answered {(int)status} for {what}{said}."),
        };
    }

    public SuiteException Unreachable(RegistryEndpoint source, Exception e)
    {
        if (PlainHttp.Explain(Reference.Host, e) is { } plain) return plain;
        var cause = e;
        while (cause.InnerException is { } inner) cause = inner;
        return new SuiteException(
            ErrorKind.Unavailable, $"The registry {Reference.Host} does not answer at {source.Host.Base.GetLeftPart(UriPartial.Authority)} ({cause.Message}): is it running, and is the name right?", e);
    }

    private string NameOf(RegistryEndpoint endpoint) => endpoint.Host.IsMirror ? endpoint.Host.Base.Authority : reference.Host;

    private async Task<HttpResponseMessage> SendOnceAsync(
        RegistryEndpoint endpoint, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            var tried = endpoint.Authorizer.Header;
            var response = await FollowAsync(endpoint, make, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.Unauthorized || tries == 2) return response;
            try
            {
                if (!await endpoint.Authorizer.AnswerAsync(response, tried, cancellationToken).ConfigureAwait(false)) return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }

            response.Dispose();
        }
    }

    /// <summary>Follows redirects by hand, as credentials are for the registry and not for where it sends us.</summary>
    private async Task<HttpResponseMessage> FollowAsync(
        RegistryEndpoint endpoint, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        Uri? target = null;
        for (var hop = 0; ; hop++)
        {
            using var request = make();
            if (target is not null) request.RequestUri = target;
            if (endpoint.Owns(request.RequestUri!))
            {
                request.Headers.Authorization = endpoint.Authorizer.Header;
                foreach (var (name, value) in endpoint.Host.Headers) request.Headers.TryAddWithoutValidation(name, value);
            }

            var response = await endpoint.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location || hop == MaxRedirects)
                return response;
            target = new Uri(request.RequestUri!, location);
            response.Dispose();
            if (target.Scheme != "https" && (target.Scheme != "http" || endpoint.Host.Base.Scheme == "https"))
                throw new SuiteException(ErrorKind.Unavailable, $"The registry {Reference.Host} redirects to {target.Scheme}://{target.Authority}, which has no TLS: refused.");
        }
    }

    private static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>A refused connection or an unknown name is no hiccup: the caller learns it at once.</summary>
    private static bool IsPassing(HttpRequestException e) =>
        e.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        && e.InnerException is not SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable };

    private TimeSpan Wait(HttpResponseMessage response, TimeSpan otherwise)
    {
        var asked = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - time.GetUtcNow()) ?? otherwise;
        return asked < TimeSpan.Zero ? otherwise : asked > LongestWait ? LongestWait : asked;
    }

    private static async Task<string> ReadErrorAsync(HttpResponseMessage response, Patience silence)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            var buffer = new byte[16 * 1024];
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, silence.Token).ConfigureAwait(false);
            var errors = OciJson.Parse(buffer.AsSpan(0, length), OciJsonContext.Default.ErrorResponse, "error").Errors;
            var text = errors?.FirstOrDefault() is { } first ? $"{first.Code} {first.Message}".Trim() : "";
            return text.Length == 0 ? "" : $" ({(text.Length > 200 ? text[..200] : text)})";
        }
        catch (Exception e) when (e is SuiteException or HttpRequestException or IOException || silence.Explains(e))
        {
            return ""; // no JSON, as a proxy's page, or not all of it: the status says enough
        }
    }
}
