using System.Text.RegularExpressions;
using Suite.Linux.Errors;

namespace Suite.Oci.References;

/// <summary>
/// A git repository as Dockerfiles and build contexts name it: <c>https://host/repo.git#REF:FOLDER</c>, <c>git://…</c>, <c>ssh://…</c>,
/// <c>user@host:repo</c>, or with a query in the place of the fragment: <c>?ref=</c>, <c>tag=</c>, <c>branch=</c>, <c>subdir=</c>,
/// <c>checksum=</c> (also <c>commit=</c>), <c>keep-git-dir=</c>, <c>submodules=</c>, <c>mtime=</c>, <c>fetch-by-commit=</c>.
/// </summary>
/// <param name="Remote">What git is told, without fragment and query.</param>
/// <param name="Ref">A branch, tag or commit; empty: the default branch.</param>
/// <param name="Folder">Below the repository's root, without slashes around it; empty: all.</param>
public sealed partial record GitReference(string Remote, string Ref, string Folder)
{
    /// <summary>A commit, whole or its first digits, that the reference must lead to; empty: any.</summary>
    public string Checksum { get; private init; } = "";

    /// <summary>Null: not said.</summary>
    public bool? KeepGitDirectory { get; private init; }

    public bool Submodules { get; private init; } = true;

    /// <summary>Files have the time at which they were checked out, and not the commit's.</summary>
    public bool CheckoutTime { get; private init; }

    /// <summary>Whether it is reached by ssh.</summary>
    public bool IsSsh { get; private init; }

    /// <summary>The remote without a password that stands in it.</summary>
    public string Shown => IsSsh ? Remote : Credentials().Replace(Remote, "$1");

    /// <summary>Whether the reference is a commit and needs no look at the repository to be one.</summary>
    public static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    /// <returns>Null when the text names no repository but something else: a path, or the URL of a file.</returns>
    /// <exception cref="SuiteException"><see cref="ErrorKind.InvalidArgument"/>: it does, and makes no sense.</exception>
    public static GitReference? Parse(string text)
    {
        if (Url().Match(text) is { Success: true } url)
        {
            var scheme = url.Groups["scheme"].Value.ToLowerInvariant();
            var isWeb = scheme is "http" or "https";
            // Any URL of the web may be a file; a repository says so by its end.
            if (!isWeb && scheme is not ("git" or "ssh") || isWeb && !url.Groups["base"].Value.EndsWith(".git", StringComparison.Ordinal)) return null;
            return From(text, url) with { IsSsh = scheme == "ssh" };
        }

        return Scp().Match(text) is { Success: true } scp ? From(text, scp) with { IsSsh = true } : null;
    }

    private static GitReference From(string text, Match parts)
    {
        var fragment = parts.Groups["fragment"].Value.Split(':', 2);
        var reference = new GitReference(parts.Groups["base"].Value, fragment[0], fragment.Length > 1 ? fragment[1] : "");
        var asked = parts.Groups["query"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2))
            .Select(p => (Name: Uri.UnescapeDataString(p[0]), Value: p.Length > 1 ? Uri.UnescapeDataString(p[1].Replace('+', ' ')) : "")).ToArray();
        if (asked.GroupBy(a => a.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw Wrong(text, $"it has {twice.Key} twice");
        foreach (var (name, value) in asked) reference = reference.With(text, name, value);
        if (reference.Ref.Length > 0 && !RefName().IsMatch(reference.Ref)) throw Wrong(text, $"'{reference.Ref}' is no branch, tag or commit");
        var folders = reference.Folder.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(f => f != ".").ToArray();
        if (folders.Contains("..")) throw Wrong(text, $"the folder '{reference.Folder}' is outside of the repository");
        return reference with { Folder = string.Join('/', folders) };
    }

    private GitReference With(string text, string name, string value) => (name, value) switch
    {
        ("keep-git-dir", _) => this with { KeepGitDirectory = Bool(text, name, value) },
        ("submodules", _) => this with { Submodules = Bool(text, name, value) },
        // A whole commit is always fetched by itself here: there is nothing to choose.
        ("fetch-by-commit", _) when Bool(text, name, value) is var _ => this,
        (_, "") => throw Wrong(text, $"its {name} has no value"),
        ("ref", _) => WithRef(text, value),
        ("tag", _) => WithRef(text, Full("refs/tags/", value)),
        ("branch", _) => WithRef(text, Full("refs/heads/", value)),
        ("subdir", _) when Folder.Length > 0 && Folder != value => throw Wrong(text, $"it names two folders, {Folder} and {value}"),
        ("subdir", _) => this with { Folder = value },
        ("checksum" or "commit", _) => WithChecksum(value),
        ("mtime", "commit" or "checkout") => this with { CheckoutTime = value == "checkout" },
        ("mtime", _) => throw Wrong(text, $"mtime={value} is neither commit nor checkout"),
        _ => throw Wrong(text, $"'{name}' is not known: ref, tag, branch, subdir, checksum, keep-git-dir, submodules, mtime and fetch-by-commit are"),
    };

    /// <summary>The same, if it leads to this commit.</summary>
    public GitReference WithChecksum(string commit)
    {
        if (commit.Length is 0 or > 64 || !commit.All(char.IsAsciiHexDigit)) throw Wrong(Shown, $"'{commit}' is no commit, which has up to 40 or 64 hexadecimal digits");
        if (Checksum.Length > 0 && !Checksum.Equals(commit, StringComparison.OrdinalIgnoreCase)) throw Wrong(Shown, $"it is to be two commits, {Checksum} and {commit}");
        return this with { Checksum = commit.ToLowerInvariant() };
    }

    private GitReference WithRef(string text, string value) =>
        Ref.Length > 0 && Ref != value ? throw Wrong(text, $"it names two references, {Ref} and {value}") : this with { Ref = value };

    private static string Full(string prefix, string name) => name.StartsWith(prefix, StringComparison.Ordinal) ? name : prefix + name;

    private static bool Bool(string text, string name, string value) => value switch
    {
        "" or "1" or "t" or "true" or "True" or "TRUE" => true,
        "0" or "f" or "false" or "False" or "FALSE" => false,
        _ => throw Wrong(text, $"{name}={value} is neither true nor false"),
    };

    private static SuiteException Wrong(string text, string why) => new(ErrorKind.InvalidArgument, $"'{Credentials().Replace(text, "$1")}' does not name a git repository well: {why}.");

    [GeneratedRegex(@"\A(?<base>(?<scheme>[a-zA-Z0-9]+)://[^?#\s]+)(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?\z")]
    private static partial Regex Url();

    [GeneratedRegex(@"\A(?<base>[a-zA-Z0-9_-]+@[a-zA-Z0-9_][a-zA-Z0-9._-]*:[^?#\s]+)(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?\z")]
    private static partial Regex Scp();

    // git-check-ref-format(1), as far as it matters to what a name can be taken for: no option, no pattern, no second name.
    [GeneratedRegex(@"\A(?![-+/])(?!.*(?:\.\.|//|@\{))[^\x00-\x20\x7f~^:?*\[\\]+(?<![./])\z")]
    private static partial Regex RefName();

    [GeneratedRegex(@"\A([a-zA-Z0-9]+://)[^/@]*@")]
    private static partial Regex Credentials();
}
