using System.Text.Json.Nodes;
using Suite.Cli.Output;
using Suite.Graph.V1;

namespace Suite.Cli.Inspection;

/// <summary>The lines of `images` for an image, one for each of its names, with the fields that --format knows by Docker's words.</summary>
internal static class ImageRow
{
    public static IEnumerable<JsonObject> Of(ImageInfo image, bool whole, TimeProvider time) =>
        ImageNames.Of(image).Select(name => new JsonObject
        {
            ["ID"] = whole ? image.Id : Figures.ShortId(image.Id),
            ["Repository"] = name.Repository,
            ["Tag"] = name.Tag,
            ["Digest"] = ImageNames.DigestIn(image, name.Repository),
            ["CreatedSince"] = Figures.Ago(image.CreatedAt, time),
            ["CreatedAt"] = Timestamps.Rfc3339(image.CreatedAt),
            ["Size"] = Figures.Size(image.Size),
        });
}
