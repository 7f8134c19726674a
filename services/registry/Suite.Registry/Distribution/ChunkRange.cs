using System.Globalization;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;

namespace Suite.Registry.Distribution;

/// <summary>The Content-Range of a chunk: FIRST-LAST, without the unit and the total of RFC 9110 (distribution-spec, "Pushing a blob in chunks").</summary>
internal readonly record struct ChunkRange(long First, long Last)
{
    public static ChunkRange? Parse(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return null;
        // Some clients write what RFC 9110 would have: bytes FIRST-LAST/TOTAL.
        var text = header.AsSpan().Trim();
        if (text.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase))
            text = text["bytes ".Length..].Trim();
        if (text.IndexOf('/') is var slash and >= 0)
            text = text[..slash];

        var dash = text.IndexOf('-');
        if (dash > 0
            && long.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && last >= first)
        {
            return new ChunkRange(first, last);
        }

        throw new DistributionException(ErrorKind.InvalidArgument, ErrorCode.BlobUploadInvalid, "Content-Range must be FIRST-LAST, two byte positions");
    }
}
