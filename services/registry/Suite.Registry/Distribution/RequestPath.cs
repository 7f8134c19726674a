using Suite.Oci.References;

namespace Suite.Registry.Distribution;

internal enum Resource
{
    Unknown,
    Ping,
    Catalog,
    Blob,
    Uploads,
    Upload,
    Manifest,
    Tags,
    Referrers,
}

/// <summary>
/// A path below /v2/, taken apart from its end: a repository's name has any number of parts, of which some may be called "blobs" or
/// "tags", so no route template fits.
/// </summary>
/// <param name="Resource">What is asked for.</param>
/// <param name="Repository">The name, in grammar; empty for those without one.</param>
/// <param name="Item">Digest, tag or upload id, as sent.</param>
internal readonly record struct RequestPath(Resource Resource, string Repository, string Item)
{
    public static RequestPath Parse(string path)
    {
        var rest = path.StartsWith("/v2", StringComparison.Ordinal) ? path["/v2".Length..].TrimStart('/') : null;
        return rest switch
        {
            null => default,
            "" => new(Resource.Ping, "", ""),
            "_catalog" => new(Resource.Catalog, "", ""),
            _ => ParseRepository(rest),
        };
    }

    private static RequestPath ParseRepository(string rest)
    {
        var parts = rest.Split('/');
        // POST is sent to blobs/uploads/ and, by some, to blobs/uploads; neither can be a digest.
        return parts switch
        {
            [.. var name, "tags", "list"] => Of(Resource.Tags, name, ""),
            [.. var name, "blobs", "uploads", ""] => Of(Resource.Uploads, name, ""),
            [.. var name, "blobs", "uploads"] => Of(Resource.Uploads, name, ""),
            [.. var name, "blobs", "uploads", var id] => Of(Resource.Upload, name, id),
            [.. var name, "blobs", var digest] => Of(Resource.Blob, name, digest),
            [.. var name, "manifests", var reference] => Of(Resource.Manifest, name, reference),
            [.. var name, "referrers", var digest] => Of(Resource.Referrers, name, digest),
            _ => default,
        };
    }

    private static RequestPath Of(Resource resource, string[] name, string item)
    {
        var repository = string.Join('/', name);
        return ReferenceGrammar.IsRepository(repository)
            ? new RequestPath(resource, repository, item)
            : throw DistributionException.BadName(repository);
    }
}
