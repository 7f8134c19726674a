using System.Globalization;
using Microsoft.AspNetCore.Http;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.Serialization;
using Suite.Registry.Access;
using Suite.Registry.Catalog;
using Suite.Registry.Upstreams;

namespace Suite.Registry.Distribution;

/// <summary>/v2/_catalog and /v2/NAME/tags/list, in pages.</summary>
internal sealed class ListRequests(Database database, AccessCheck access, ListRelay relay)
{
    private const int LargestPage = 10_000;

    public Task CatalogAsync(HttpContext http)
    {
        var (count, last) = PageOf(http.Request);
        var names = Visible(http, last, count + 1);
        var page = Trim(http, "/v2/_catalog", names, count);
        return http.Response.WriteJsonAsync(new RepositoryList { Repositories = page }, OciJsonContext.Default.RepositoryList);
    }

    public async Task TagsAsync(HttpContext http, string repository)
    {
        var (count, last) = PageOf(http.Request);
        if (await relay.TryAnswerAsync(http, repository, "tags/list").ConfigureAwait(false))
            return;
        var names = database.Read(session =>
            Repositories.Find(session, repository) is { } id ? Tags.Names(session, id, last, count + 1) : throw DistributionException.NoRepository(repository));
        var page = Trim(http, $"/v2/{repository}/tags/list", names, count);
        await http.Response.WriteJsonAsync(new TagList { Name = repository, Tags = page }, OciJsonContext.Default.TagList).ConfigureAwait(false);
    }

    /// <summary>Reads on until the page is full of what the caller may pull: a page with holes would tell of what is hidden.</summary>
    private List<string> Visible(HttpContext http, string last, int limit)
    {
        var visible = new List<string>();
        while (visible.Count < limit)
        {
            var names = database.Read(session => Repositories.List(session, "", last, limit));
            visible.AddRange(names.Where(name => access.MayPull(http, name)));
            if (names.Count < limit)
                break;
            last = names[^1];
        }

        return visible.Count > limit ? visible[..limit] : visible;
    }

    private static (int Count, string Last) PageOf(HttpRequest request)
    {
        var last = request.Query["last"].ToString();
        if (!request.Query.TryGetValue("n", out var text))
            return (LargestPage, last);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? (Math.Min(count, LargestPage), last)
            // Not in the specification; the code that the distribution project answers with.
            : throw new DistributionException(ErrorKind.InvalidArgument, "PAGINATION_NUMBER_INVALID", "n must be a number of entries");
    }

    /// <summary>One more than the page was read: if it is there, a link leads on from the page's last entry.</summary>
    private static IReadOnlyList<string> Trim(HttpContext http, string path, IReadOnlyList<string> names, int count)
    {
        if (names.Count <= count)
            return names;
        if (count > 0)
            http.Response.Headers.Link = $"<{path}?n={count}&last={Uri.EscapeDataString(names[count - 1])}>; rel=\"next\"";
        return [.. names.Take(count)];
    }
}
