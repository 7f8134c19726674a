using System.Globalization;
using Microsoft.AspNetCore.Http;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Registry.Access;
using Suite.Registry.Catalog;
using Suite.Registry.Distribution;
using Suite.Registry.Limits;

namespace Suite.Registry.Searching;

/// <summary>GET /v1/search?q=TEXT&amp;n=COUNT&amp;page=NUMBER: Docker's form. Only what the caller may pull is found.</summary>
internal sealed class SearchRequests(Database database, Authentication authentication, RequestLimit limit, AccessCheck access, RequestGuard guard)
{
    private const int DefaultPage = 25;
    private const int LargestPage = 100;
    private const int LongestQuery = 255;
    private const int LastPage = 10_000;
    private const int Step = 200;
    private const long NanosecondsPerMillisecond = 1_000_000;

    public Task HandleAsync(HttpContext http) => guard.RunAsync(http, AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method))
            throw new DistributionException(ErrorKind.Unsupported, ErrorCode.Unsupported, $"{http.Request.Method} is not possible here");
        var caller = await authentication.IdentifyAsync(http).ConfigureAwait(false);
        http.Features.Set(caller);
        limit.Take(http, caller);
        access.DemandSight(http);
        var text = http.Request.Query["q"].ToString();
        if (text.Length > LongestQuery)
            throw new DistributionException(ErrorKind.InvalidArgument, ErrorCode.Unsupported, $"q has more than {LongestQuery} characters");
        var count = Math.Clamp(NumberOf(http, "n", DefaultPage), 1, LargestPage);
        var page = Math.Clamp(NumberOf(http, "page", 1), 1, LastPage);
        var (found, more) = Find(http, text, (page - 1) * count, count);
        var answer = new SearchAnswer
        {
            Query = text,
            Count = found.Count,
            Page = page,
            PageSize = count,
            Pages = more ? page + 1 : page,
            Results = [.. found.Select(Describe)],
        };
        await http.Response.WriteJsonAsync(answer, SearchJson.Default.SearchAnswer).ConfigureAwait(false);
    }

    private (List<FoundRepository> Found, bool More) Find(HttpContext http, string text, int skip, int count)
    {
        var found = new List<FoundRepository>();
        for (var from = 0; ; from += Step)
        {
            var step = from;
            var names = database.Read(session => RepositorySearch.Find(session, text, step, Step));
            foreach (var repository in names.Where(repository => access.MayPull(http, repository.Name)))
            {
                if (skip-- > 0)
                    continue;
                if (found.Count == count)
                    return (found, true);
                found.Add(repository);
            }

            if (names.Count < Step)
                return (found, false);
        }
    }

    private static int NumberOf(HttpContext http, string name, int otherwise) =>
        http.Request.Query[name].ToString() is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new DistributionException(ErrorKind.InvalidArgument, ErrorCode.Unsupported, $"{name} must be a number");

    private static SearchResult Describe(FoundRepository repository) => new()
    {
        Name = repository.Name,
        Description = repository.Description ?? "",
        Tags = repository.Tags,
        PushedAt = repository.PushedAt / NanosecondsPerMillisecond,
        Size = repository.Size,
    };
}
