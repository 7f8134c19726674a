using System.Text.Json.Nodes;
using Suite.Cli.Output;
using Suite.Graph.V1;

namespace Suite.Cli.Inspection;

/// <summary>One line of `images`, with the fields that --format knows by docker's names.</summary>
internal static class ImageRow
{
    public static JsonObject Of(ImageInfo image, string repository, string tag, bool whole, TimeProvider time) => new()
    {
        ["ID"] = whole ? image.Id : Figures.ShortId(image.Id),
        ["Repository"] = repository,
        ["Tag"] = tag,
        ["Digest"] = ImageNames.DigestIn(image, repository),
        ["CreatedSince"] = Figures.Ago(image.CreatedAt, time),
        ["CreatedAt"] = Timestamps.Rfc3339(image.CreatedAt),
        ["Size"] = Figures.Size(image.Size),
    };
}
