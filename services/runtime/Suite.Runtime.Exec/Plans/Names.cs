using Suite.Linux.Errors;

namespace Suite.Runtime.Exec.Plans;

/// <summary>What a name or a path must look like before it gets near a system call.</summary>
internal static class Names
{
    /// <summary>An id becomes a file name: letters, digits and <c>_+.-</c>, not beginning with a dot.</summary>
    public static string CheckId(string id, string field)
    {
        if (id.Length is 0 or > 128 || id[0] == '.' || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '.' or '-'))
            throw Invalid(field, $"\"{id}\" may have letters, digits and _+.- only, 128 at most, and not begin with a dot");
        return id;
    }

    public static string CheckAbsolute(string path, string field)
    {
        if (path.Length == 0 || path[0] != '/' || path.Contains('\0'))
            throw Invalid(field, $"\"{path}\" is not an absolute path");
        return path;
    }

    public static string CheckCgroupPath(string path, string field)
    {
        CheckAbsolute(path, field);
        if (path.Length < 2 || path.Split('/').Skip(1).Any(part => part is "" or "." or ".."))
            throw Invalid(field, $"\"{path}\" must be a path below the root of the hierarchies, without empty parts, . and ..");
        return path;
    }

    /// <summary>sethostname(2): 64 bytes at most.</summary>
    public static string CheckHostname(string name, string field)
    {
        if (name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            throw Invalid(field, $"\"{name}\" may have letters, digits, dots, dashes and underscores only, 64 at most");
        return name;
    }

    private static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"{field}: {reason}");
}
