using System.Text.RegularExpressions;

namespace Suite.Oci.References;

/// <summary>The grammar of names and tags (distribution-spec, "Pulling manifests"). One place, as registry and client must agree.</summary>
public static partial class ReferenceGrammar
{
    /// <summary>Many clients cap host and repository together at 255 characters; longer names could not be pulled by them.</summary>
    public const int MaxNameLength = 255;

    public const int MaxTagLength = 128;

    public const string TagRule = "a tag has 1 to 128 letters, digits, '.', '_' or '-', and starts with a letter, a digit or '_'";

    public const string RepositoryRule =
        "a repository has lower-case letters and digits, joined by '.', '_', '__' or '-', in parts separated by '/'";

    public static bool IsRepository(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxNameLength && Repository().IsMatch(text);

    public static bool IsTag(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxTagLength && Tag().IsMatch(text);

    public static bool IsHost(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxNameLength && Host().IsMatch(text);

    // \z and not $: $ also matches before a final newline. NonBacktracking keeps hostile names linear.
    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex Repository();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex Tag();

    [GeneratedRegex(@"^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?\z")]
    private static partial Regex Host();
}
