using Suite.Linux.Errors;

namespace Suite.Cli.Contexts;

/// <summary>A context or Dockerfile behind a URL.</summary>
internal static class RemoteFile
{
    /// <summary>Its content, as it comes.</summary>
    public static async Task<Stream> OpenAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            var response = await client.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadAsStreamAsync(cancellationToken)
                : throw new SuiteException(ErrorKind.NotFound, $"cannot build from {url}: the server answers {(int)response.StatusCode} {response.ReasonPhrase}; a git repository's URL ends with .git");
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException)
        {
            throw new SuiteException(ErrorKind.Unavailable, $"cannot build from {url}: {e.Message}", e);
        }
    }
}
