using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Records;

/// <summary>Finds an image by whatever people and programs call it: an id, its unique beginning, a tag, a digest.</summary>
internal static class ImageFinder
{
    private const int ShortestPrefix = 4;

    public static ImageRecord? Find(Session s, string called)
    {
        var id = FindId(s, called);
        return id is null ? null : ImageQueries.ById(s, id);
    }

    public static ImageRecord Get(Session s, string called) =>
        Find(s, called) ?? throw new SuiteException(ErrorKind.NotFound, $"There is no image '{called}' here: pull or build it, or check the name.");

    /// <summary>A name goes before an id: Docker looks in this order, so that "abcd" can be a repository.</summary>
    public static string? FindId(Session s, string called)
    {
        if (Digest.TryParse(called, out var id)) return s.First("SELECT id FROM images WHERE id = $1", r => r.GetString(0), id.ToString());
        var hex = called.StartsWith("sha256:", StringComparison.Ordinal) ? called["sha256:".Length..] : called;
        if (Reference.TryParse(called, out var reference) && ByName(s, reference) is { } named) return named;
        if (hex.Length is < ShortestPrefix or > 64 || !hex.All(char.IsAsciiHexDigitLower))
        {
            if (reference is null && !called.StartsWith("sha256:", StringComparison.Ordinal)) Reference.Parse(called); // says what is wrong with it
            return null;
        }

        var ids = ImageQueries.IdsByPrefix(s, hex);
        return ids.Count switch
        {
            0 => null,
            1 => ids[0],
            _ => throw new SuiteException(ErrorKind.InvalidArgument, $"'{called}' is the beginning of several image ids: give more digits."),
        };
    }

    private static string? ByName(Session s, Reference reference)
    {
        var name = reference.Canonical();
        return name.Digest is null ? ImageQueries.IdByTag(s, name.ToString()) : ImageQueries.IdByDigest(s, name.ToString());
    }
}
