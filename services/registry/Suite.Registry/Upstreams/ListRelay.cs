using Microsoft.AspNetCore.Http;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.Serialization;
using Suite.Registry.Distribution;

namespace Suite.Registry.Upstreams;

/// <summary>Tags and referrers of an upstream's repository: asked for anew each time, since a copy would be old.</summary>
internal sealed class ListRelay(UpstreamClients upstreams)
{
    private static readonly string[] Headers = ["OCI-Filters-Applied"];

    /// <summary>What follows the upstream's path, host and all: a client must not be led away from here.</summary>
    private static string? NextPage(string link, string path) =>
        link.IndexOf(path, StringComparison.Ordinal) is var at and >= 0 ? link[(at + path.Length)..] : null;

    /// <summary>False for repositories of our own, and when the upstream has no answer: what is here must do.</summary>
    /// <param name="http">The request; its query goes along.</param>
    /// <param name="repository">The name here.</param>
    /// <param name="rest">tags/list, or referrers/DIGEST.</param>
    public async ValueTask<bool> TryAnswerAsync(HttpContext http, string repository, string rest)
    {
        if (upstreams.Find(repository) is not var (upstream, name))
            return false;
        try
        {
            var query = QueryString.Create(http.Request.Query.Where(pair => pair.Key is "n" or "last" or "artifactType"));
            using var response = await upstream.SendAsync(HttpMethod.Get, name, rest + query, 0, http.RequestAborted).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                return false;
            await response.Content.LoadIntoBufferAsync(OciJson.MaxManifestBytes, http.RequestAborted).ConfigureAwait(false);
            var content = await response.Content.ReadAsByteArrayAsync(http.RequestAborted).ConfigureAwait(false);
            if (rest.StartsWith("tags/", StringComparison.Ordinal))
            {
                var list = OciJson.Parse(content, OciJsonContext.Default.TagList, "list of tags", ErrorKind.Unavailable);
                content = OciJson.Write(list with { Name = repository }, OciJsonContext.Default.TagList);
            }

            foreach (var header in Headers.Where(response.Headers.Contains))
                http.Response.Headers[header] = response.Headers.GetValues(header).ToArray();
            // Its next page is ours under the name here.
            if (response.Headers.TryGetValues("Link", out var links) && NextPage(string.Join(", ", links), $"/v2/{name}/") is { } next)
                http.Response.Headers.Link = $"</v2/{repository}/{next}";
            await http.Response.WriteContentAsync(content, response.Content.Headers.ContentType?.MediaType ?? "application/json").ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SuiteException { Kind: ErrorKind.Unavailable } or HttpRequestException)
        {
            return false;
        }
    }
}
