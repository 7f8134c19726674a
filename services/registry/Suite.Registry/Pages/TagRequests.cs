using Microsoft.AspNetCore.Http;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.References;
using Suite.Registry.Access;
using Suite.Registry.Catalog;
using Suite.Registry.Distribution;
using Suite.Registry.Limits;

namespace Suite.Registry.Pages;

/// <summary>/ui/tags?repository=NAME: the tags with sizes and times, which the distribution API has no request for.</summary>
internal sealed class TagRequests(Database database, Authentication authentication, RequestLimit limit, AccessCheck access, RequestGuard guard)
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    public Task HandleAsync(HttpContext http) => guard.RunAsync(http, AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        var repository = http.Request.Query["repository"].ToString();
        if (!HttpMethods.IsGet(http.Request.Method))
            throw new DistributionException(ErrorKind.Unsupported, ErrorCode.Unsupported, $"{http.Request.Method} is not possible here");
        if (!ReferenceGrammar.IsRepository(repository))
            throw DistributionException.BadName(repository);
        var caller = await authentication.IdentifyAsync(http).ConfigureAwait(false);
        http.Features.Set(caller);
        limit.Take(http, caller);
        access.Demand(http, repository, Permissions.Pull);
        var rows = database.Read(session => TagSizes.List(session, repository));
        var overview = new TagOverview
        {
            Tags =
            [
                .. rows.Select(row => new TagRow
                {
                    Name = row.Name,
                    Digest = row.Digest,
                    MediaType = row.MediaType,
                    Platforms = row.Children,
                    TotalSize = row.TotalSize,
                    PushedAt = row.UpdatedAt / NanosecondsPerMillisecond,
                }),
            ],
        };
        await http.Response.WriteJsonAsync(overview, PageJson.Default.TagOverview).ConfigureAwait(false);
    }
}
