using System.Globalization;
using System.Text;

namespace Suite.Cli.Contexts;

/// <summary>The lines around a place in a Dockerfile, with a mark before those that are meant.</summary>
internal static class DockerfileExcerpt
{
    private const int Around = 2;

    public static string Of(byte[] dockerfile, string name, uint line, uint endLine)
    {
        var lines = Encoding.UTF8.GetString(dockerfile).TrimEnd('\n').Split('\n');
        var (from, to) = (Math.Max(1, (int)line - Around), Math.Min(lines.Length, (int)Math.Max(line, endLine) + Around));
        var text = new StringBuilder($"{name}:{line}\n--------------------\n");
        for (var i = from; i <= to; i++)
        {
            var mark = i >= line && i <= Math.Max(line, endLine) ? ">>>" : "   ";
            text.Append(CultureInfo.InvariantCulture, $"{i,4} | {mark} {lines[i - 1].TrimEnd('\r')}\n");
        }

        return text.Append("--------------------").ToString();
    }
}
