using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Suite.Hosting.Databases;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Oci.Serialization;
using Suite.Registry.Catalog;

namespace Suite.Registry.Distribution;

/// <summary>/v2/NAME/referrers/DIGEST: what has this manifest as its subject. An empty list, never 404, when nothing has.</summary>
internal sealed class ReferrerRequests(Database database)
{
    public Task GetAsync(HttpContext http, string repository, Digest subject)
    {
        var artifactType = http.Request.Query.TryGetValue("artifactType", out var wanted) && wanted.ToString().Length > 0 ? wanted.ToString() : null;
        if (artifactType is not null)
            http.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        var referrers = database.Read(session => Manifests.Referrers(session, repository, subject, artifactType));
        var index = new ImageIndex { SchemaVersion = 2, MediaType = MediaTypes.OciIndex, Manifests = [.. referrers.Select(Describe)] };
        return http.Response.WriteContentAsync(index.ToJson(), MediaTypes.OciIndex);
    }

    private static Descriptor Describe(Referrer referrer) => new()
    {
        MediaType = referrer.MediaType,
        Digest = referrer.Digest,
        Size = referrer.Size,
        ArtifactType = referrer.ArtifactType,
        Annotations = referrer.Annotations is null
            ? null
            : JsonSerializer.Deserialize(referrer.Annotations, OciJsonContext.Default.IReadOnlyDictionaryStringString),
    };
}
