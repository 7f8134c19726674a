using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>-e NAME=VALUE, -e NAME (the caller's own value) and files of such lines.</summary>
internal static class EnvironmentSyntax
{
    /// <summary>Files first, so that what is said on the command line wins.</summary>
    public static IEnumerable<string> Read(IEnumerable<string> files, IEnumerable<string> variables, Func<string, string?> environment) =>
        files.SelectMany(Lines).Concat(variables).Select(v => Complete(v, environment)).OfType<string>();

    private static string? Complete(string variable, Func<string, string?> environment)
    {
        if (variable.Length == 0 || variable[0] == '=')
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot set the variable \"{variable}\": it has no name; write NAME=VALUE");
        if (variable.Contains('='))
            return variable;
        // A name alone passes the caller's own value on; one that is not set here is not set there.
        return environment(variable) is { } value ? $"{variable}={value}" : null;
    }

    private static IEnumerable<string> Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file).Select(l => l.TrimStart()).Where(l => l.Length > 0 && l[0] != '#');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot read the variables of --env-file {file}: {e.Message}", e);
        }
    }
}
