using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Suite.Hosting.Databases;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Oci.Serialization;
using Suite.Registry.Catalog;
using Suite.Registry.Upstreams;

namespace Suite.Registry.Distribution;

/// <summary>/v2/NAME/referrers/DIGEST: what has this manifest as its subject. An empty list, never 404, when nothing has.</summary>
internal sealed class ReferrerRequests(Database database, ListRelay relay)
{
    // Clients read a list as they read a manifest, up to 4 MiB; what does not fit is on the next page.
    private const int LargestPage = 3 << 20;
    private const int MostOnPage = 5000;

    public async Task GetAsync(HttpContext http, string repository, Digest subject)
    {
        if (await relay.TryAnswerAsync(http, repository, $"referrers/{subject}").ConfigureAwait(false))
            return;
        var query = http.Request.Query;
        var artifactType = query.TryGetValue("artifactType", out var wanted) && wanted.ToString().Length > 0 ? wanted.ToString() : null;
        if (artifactType is not null)
            http.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        var last = query["last"].ToString();
        var page = new List<Descriptor>();
        var bytes = 0;
        foreach (var referrer in database.Read(session => Manifests.Referrers(session, repository, subject, artifactType, last, MostOnPage + 1)))
        {
            var descriptor = Describe(referrer);
            bytes += JsonSerializer.SerializeToUtf8Bytes(descriptor, OciJsonContext.Default.Descriptor).Length + 1;
            if (page.Count == MostOnPage || (page.Count > 0 && bytes > LargestPage))
            {
                var filter = artifactType is null ? "" : $"&artifactType={Uri.EscapeDataString(artifactType)}";
                http.Response.Headers.Link = $"</v2/{repository}/referrers/{subject}?last={Uri.EscapeDataString(page[^1].Digest.ToString())}{filter}>; rel=\"next\"";
                break;
            }

            page.Add(descriptor);
        }

        var index = new ImageIndex { SchemaVersion = 2, MediaType = MediaTypes.OciIndex, Manifests = page };
        await http.Response.WriteContentAsync(index.ToJson(), MediaTypes.OciIndex).ConfigureAwait(false);
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
