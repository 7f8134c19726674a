using System.Diagnostics.CodeAnalysis;
using Suite.Linux.Errors;

namespace Suite.Oci.References;

/// <summary>
/// The full name of an image: <c>HOST/REPOSITORY[:TAG][@DIGEST]</c>. Parsing fills in what Docker users leave out:
/// <c>busybox</c> is <c>docker.io/library/busybox</c>. The tag is not filled in; see <see cref="WithDefaultTag"/>.
/// </summary>
public sealed record Reference
{
    /// <summary>The registry that a name without a host means.</summary>
    public const string DefaultHost = "docker.io";

    public const string DefaultTag = "latest";

    internal Reference(string host, string repository, string? tag, Digest? digest)
    {
        Host = host;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Registry with port, as written: <c>127.0.0.1:5000</c>, <c>docker.io</c>, <c>[::1]:5000</c>.</summary>
    public string Host { get; }

    /// <summary>The name within the registry: <c>library/busybox</c>.</summary>
    public string Repository { get; }

    public string? Tag { get; }

    public Digest? Digest { get; }

    /// <summary>Host and repository: what several tags of an image share.</summary>
    public string Name => $"{Host}/{Repository}";

    /// <summary>What to ask a registry for: the digest where there is one, else the tag, else <c>latest</c>.</summary>
    public string Selector => Digest?.ToString() ?? Tag ?? DefaultTag;

    /// <exception cref="SuiteException"><see cref="ErrorKind.InvalidArgument"/>, with the rule that the text breaks.</exception>
    public static Reference Parse(string text) =>
        ReferenceParser.Parse(text, out var problem)
        ?? throw new SuiteException(ErrorKind.InvalidArgument, $"'{ReferenceParser.Shown(text)}' is not an image name: {problem}.");

    public static bool TryParse(string? text, [NotNullWhen(true)] out Reference? reference)
    {
        reference = ReferenceParser.Parse(text ?? "", out _);
        return reference is not null;
    }

    /// <summary>The same image with <c>:latest</c>, unless a tag or a digest says which one is meant.</summary>
    public Reference WithDefaultTag() => Tag is null && Digest is null ? WithTag(DefaultTag) : this;

    /// <exception cref="SuiteException"><see cref="ErrorKind.InvalidArgument"/>: the tag is out of grammar.</exception>
    public Reference WithTag(string tag) =>
        ReferenceGrammar.IsTag(tag)
            ? new Reference(Host, Repository, tag, null)
            : throw new SuiteException(ErrorKind.InvalidArgument, $"'{ReferenceParser.Shown(tag)}' is not a tag: {ReferenceGrammar.TagRule}.");

    public Reference WithDigest(Digest digest) => new(Host, Repository, null, digest);

    /// <summary>
    /// The name as it is stored and asked for. With a digest the tag falls away, as the digest alone decides (Docker does the same).
    /// </summary>
    public Reference Canonical() => Digest is not null && Tag is not null ? WithDigest(Digest) : WithDefaultTag();

    /// <summary>The name as people write it: without <c>docker.io/</c> and <c>library/</c>.</summary>
    public string Familiar
    {
        get
        {
            var name = Host != DefaultHost ? Name
                : Repository.StartsWith("library/", StringComparison.Ordinal) && Repository.IndexOf('/', "library/".Length) < 0
                    ? Repository["library/".Length..]
                    : Repository;
            return name + Suffix;
        }
    }

    public override string ToString() => Name + Suffix;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);
}
