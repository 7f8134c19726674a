using Microsoft.AspNetCore.Http;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.References;
using Suite.Registry.Access;
using Suite.Registry.Blobs;
using Suite.Registry.Limits;
using Suite.Registry.Tokens;
using Suite.Registry.Upstreams;

namespace Suite.Registry.Distribution;

/// <summary>The table of the distribution API: what is asked for, with which method, and who answers.</summary>
internal sealed class DistributionEndpoint(
    BlobRequests blobs, UploadRequests uploads, ManifestRequests manifests, ListRequests lists, ReferrerRequests referrers,
    Authentication authentication, RequestLimit limit, AccessCheck access, UpstreamClients upstreams, RequestGuard guard)
{
    public Task HandleAsync(HttpContext http)
    {
        // Docker's clients look for this before they trust the answer to /v2/.
        http.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        return guard.RunAsync(http, AdmitAsync);
    }

    private async Task AdmitAsync(HttpContext http)
    {
        var path = Locate(http);
        var needed = Needed(path.Resource, http.Request.Method);
        if (path.Resource is not (Resource.Unknown or Resource.Ping or Resource.Catalog))
            http.Features.Set(new Scope(path.Repository, needed)); // for the challenge, should there be one
        var caller = await authentication.IdentifyAsync(http).ConfigureAwait(false);
        http.Features.Set(caller);
        limit.Take(http, caller);
        if (path.Resource is Resource.Unknown or Resource.Ping or Resource.Catalog)
            access.DemandLogin(http);
        else
            access.Demand(http, path.Repository, needed);
        if (needed == Permissions.Push && upstreams.Find(path.Repository ?? "") is var (upstream, _))
            throw new DistributionException(ErrorKind.Unsupported, ErrorCode.Unsupported, $"repositories below {upstream.Prefix}/ are copies of an upstream and take no pushes");
        await DispatchAsync(http, path).ConfigureAwait(false);
    }

    /// <summary>The repository is another one for a client that uses this registry as the mirror of an upstream.</summary>
    private RequestPath Locate(HttpContext http)
    {
        var path = RequestPath.Parse(http.Request.Path.Value ?? "");
        if (!http.Request.Query.TryGetValue("ns", out var space) || upstreams.NameOf(path.Repository ?? "", space) is not { } name)
            return path;
        http.Response.Headers["OCI-Namespace"] = space;
        return path with { Repository = name };
    }

    private static Permissions Needed(Resource resource, string method) => (resource, method) switch
    {
        (Resource.Uploads or Resource.Upload, _) => Permissions.Push,
        (_, "GET" or "HEAD") => Permissions.Pull,
        (_, "DELETE") => Permissions.Delete,
        _ => Permissions.Push,
    };

    private Task DispatchAsync(HttpContext http, RequestPath path)
    {
        var (resource, repository, item) = path;
        var method = http.Request.Method == "HEAD" ? "GET" : http.Request.Method;
        return (resource, method) switch
        {
            (Resource.Ping, "GET") => http.Response.WriteContentAsync("{}"u8.ToArray(), "application/json"),
            (Resource.Catalog, "GET") => lists.CatalogAsync(http),
            (Resource.Blob, "GET") => blobs.GetAsync(http, repository, ParseDigest(item)),
            (Resource.Blob, "DELETE") => blobs.DeleteAsync(http, repository, ParseDigest(item)),
            (Resource.Uploads, "POST") => uploads.BeginAsync(http, repository),
            (Resource.Upload, "PATCH") => uploads.PatchAsync(http, ParseUpload(repository, item)),
            (Resource.Upload, "PUT") => uploads.PutAsync(http, ParseUpload(repository, item)),
            (Resource.Upload, "GET") => uploads.GetAsync(http, ParseUpload(repository, item)),
            (Resource.Upload, "DELETE") => uploads.CancelAsync(http, ParseUpload(repository, item)),
            (Resource.Manifest, "GET") => manifests.GetAsync(http, repository, item),
            (Resource.Manifest, "PUT") => manifests.PutAsync(http, repository, item),
            (Resource.Manifest, "DELETE") => manifests.DeleteAsync(http, repository, item),
            (Resource.Tags, "GET") => lists.TagsAsync(http, repository),
            (Resource.Referrers, "GET") => referrers.GetAsync(http, repository, ParseDigest(item)),
            (Resource.Unknown, _) => throw new DistributionException(ErrorKind.NotFound, ErrorCode.Unsupported, "there is nothing at this path"),
            _ => throw new DistributionException(ErrorKind.Unsupported, ErrorCode.Unsupported, $"{http.Request.Method} is not possible here"),
        };
    }

    private static Digest ParseDigest(string text) => Digest.TryParse(text, out var digest) ? digest : throw DistributionException.BadDigest(text);

    private static UploadKey ParseUpload(string repository, string id) =>
        UploadKey.TryParse(repository, id, out var key) ? key.Value : throw DistributionException.NoUpload(id);
}
