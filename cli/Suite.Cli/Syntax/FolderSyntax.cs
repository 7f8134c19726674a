using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>A folder in a container, where there is no other that it could be relative to.</summary>
internal static class FolderSyntax
{
    /// <returns>Empty: not said.</returns>
    public static string Absolute(string option, string? text) => text is null or "" ? "" : text[0] == '/' ? text
        : throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use {option} \"{text}\": it is not an absolute path; write for example /{text}");
}
