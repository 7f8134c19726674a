using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>--label NAME=VALUE or NAME, and files of such lines.</summary>
internal static class LabelSyntax
{
    public static KeyValuePair<string, string> Parse(string text)
    {
        var end = text.IndexOf('=');
        return end < 0 ? new(text, "") : new(text[..end], text[(end + 1)..]);
    }

    /// <summary>Files first, so that what is said on the command line wins.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Read(IEnumerable<string> files, IEnumerable<string> labels) =>
        files.SelectMany(Lines).Concat(labels).Select(Parse);

    private static IEnumerable<string> Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file).Select(l => l.TrimStart()).Where(l => l.Length > 0 && l[0] != '#');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot read the labels of --label-file {file}: {e.Message}", e);
        }
    }
}
