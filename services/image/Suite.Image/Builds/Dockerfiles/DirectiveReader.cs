using System.Text.RegularExpressions;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Dockerfiles;

/// <summary>Reads <c># name=value</c> lines at the very top: the first line that is none, a comment included, ends them.</summary>
internal static partial class DirectiveReader
{
    /// <param name="lines">Those of the file.</param>
    /// <param name="count">How many of them are directives.</param>
    public static Directives Read(IReadOnlyList<string> lines, out int count)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (count = 0; count < lines.Count; count++)
        {
            var match = Directive().Match(lines[count]);
            var name = match.Groups[1].Value.ToLowerInvariant();
            if (!match.Success || name is not ("syntax" or "escape" or "check")) break;
            if (!found.TryAdd(name, match.Groups[2].Value))
                throw new BuildException(ErrorKind.InvalidArgument, count + 1, count + 1, $"the directive '{name}' is given twice.");
        }

        var escape = found.GetValueOrDefault("escape", "\\");
        if (escape is not ("\\" or "`"))
            throw new BuildException(ErrorKind.InvalidArgument, 1, Math.Max(1, count), $"the directive 'escape' takes \\ or `, and not '{escape}'.");
        return new Directives(found.GetValueOrDefault("syntax", ""), escape[0], found.GetValueOrDefault("check", ""));
    }

    [GeneratedRegex(@"^\s*#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*$")]
    private static partial Regex Directive();
}
