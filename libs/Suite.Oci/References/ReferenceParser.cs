namespace Suite.Oci.References;

/// <summary>Takes a name apart from its right end: digest, then tag, then host and repository.</summary>
internal static class ReferenceParser
{
    public static Reference? Parse(string text, out string problem)
    {
        problem = "";
        var rest = text;
        Digest? digest = null;
        string? tag = null;

        var at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            if (!Digest.TryParse(rest.AsSpan(at + 1), out digest))
                return No("what follows '@' is not a sha256 or sha512 digest", out problem);
            rest = rest[..at];
        }

        // A colon before the last slash belongs to a port.
        var colon = rest.LastIndexOf(':');
        if (colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            if (!ReferenceGrammar.IsTag(tag)) return No(ReferenceGrammar.TagRule, out problem);
            rest = rest[..colon];
        }

        if (rest.Length == 0) return No("it has no repository", out problem);
        if (IsBareId(rest)) return No("64 hexadecimal digits are an image id and cannot be a repository", out problem);

        var (host, repository) = SplitHost(rest);
        if (!ReferenceGrammar.IsHost(host)) return No($"'{Shown(host)}' is not a host name with an optional port", out problem);
        if (!ReferenceGrammar.IsRepository(repository)) return No(ReferenceGrammar.RepositoryRule, out problem);
        if (host.Length + 1 + repository.Length > ReferenceGrammar.MaxNameLength)
            return No($"host and repository are longer than {ReferenceGrammar.MaxNameLength} characters", out problem);
        return new Reference(host, repository, tag, digest);
    }

    /// <summary>A text of a stranger, cut so that an error about it stays one sentence.</summary>
    public static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "…";

    /// <summary>
    /// The part before the first slash is a host when it could not be the first part of a repository: it has a dot, a colon or
    /// an upper-case letter, or it is localhost. Docker's rule; everything else is on docker.io.
    /// </summary>
    private static (string Host, string Repository) SplitHost(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0)
        {
            var first = name[..slash];
            if (first.AsSpan().ContainsAny('.', ':', '[') || first == "localhost" || first.Any(char.IsAsciiLetterUpper))
            {
                var rest = name[(slash + 1)..];
                return first is Reference.DefaultHost or "index.docker.io"
                    ? (Reference.DefaultHost, UnderLibrary(rest))
                    : (first, rest);
            }
        }

        return (Reference.DefaultHost, UnderLibrary(name));
    }

    private static string UnderLibrary(string repository) =>
        repository.Contains('/', StringComparison.Ordinal) ? repository : "library/" + repository;

    private static bool IsBareId(string name) => name.Length == 64 && name.All(c => char.IsAsciiHexDigitLower(c));

    private static Reference? No(string why, out string problem)
    {
        problem = why;
        return null;
    }
}
