using Suite.Linux.Errors;

namespace Suite.Image.Builds.Git;

/// <summary>git did not do what it was told, in its own last words.</summary>
internal sealed class GitException(ErrorKind kind, string message) : SuiteException(kind, message)
{
    private static readonly (string Said, ErrorKind Kind, string Remedy)[] Known =
    [
        ("could not read Username", ErrorKind.PermissionDenied, ": it wants credentials, which --secret id=GIT_AUTH_TOKEN gives, or does not exist"),
        ("Authentication failed", ErrorKind.PermissionDenied, ": the secret GIT_AUTH_TOKEN or GIT_AUTH_HEADER is not accepted"),
        ("Permission denied (publickey", ErrorKind.PermissionDenied, ": build with --ssh default, with an agent that has a key for it"),
        ("Host key verification failed", ErrorKind.PermissionDenied, ": the host shows another key than at first; if that is right, remove it from known_hosts of suite-image's folder"),
        ("No such file or directory: ssh", ErrorKind.FailedPrecondition, ": there is no program ssh on this machine; install openssh-client"),
        ("ssh: not found", ErrorKind.FailedPrecondition, ": there is no program ssh on this machine; install openssh-client"),
        ("not found", ErrorKind.NotFound, ""),
        ("repository not exported", ErrorKind.NotFound, ""),
        ("does not appear to be a git repository", ErrorKind.NotFound, ""),
        ("not allowed", ErrorKind.PermissionDenied, ": submodules by http, https, git and ssh are followed, and by nothing else"),
    ];

    private const int MostLines = 3;

    /// <summary>Whether a server cannot give a part of a history, or no single commit.</summary>
    public bool WantsMore { get; private init; }

    public static GitException Of(string command, string errors)
    {
        var lines = errors.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // What is fatal comes last, and some of it has more lines; what the server said stands before.
        var fatal = Array.FindLastIndex(lines, l => l.StartsWith("fatal:", StringComparison.Ordinal) || l.StartsWith("error:", StringComparison.Ordinal));
        var shown = string.Join(" ", (fatal >= 0 ? lines.Skip(fatal).Take(MostLines) : lines.TakeLast(MostLines)).Select(l => l.Length > 300 ? l[..300] : l));
        var known = Known.FirstOrDefault(k => errors.Contains(k.Said, StringComparison.OrdinalIgnoreCase));
        var first = lines.FirstOrDefault(l => known.Said is not null && l.Contains(known.Said, StringComparison.OrdinalIgnoreCase));
        if (first is not null && !shown.Contains(first, StringComparison.Ordinal)) shown = $"{first}; {shown}";
        return new GitException(known.Said is null ? ErrorKind.Unavailable : known.Kind, $"git {command} says: {shown.TrimEnd('.')}{known.Remedy}")
        {
            WantsMore = new[] { "not our ref", "unadvertised", "--depth", "shallow" }.Any(w => errors.Contains(w, StringComparison.Ordinal)),
        };
    }
}
