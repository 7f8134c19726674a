using System.Globalization;
using System.Text;

namespace Suite.Image.Builds.Instructions;

/// <summary>Strings as Go's %q prints them, which is how BuildKit writes commands into an image's history.</summary>
internal static class GoQuoted
{
    public static string List(IEnumerable<string> values) => $"[{string.Join(' ', values.Select(Of))}]";

    private static string Of(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(c) => $"\\x{((int)c).ToString("x2", CultureInfo.InvariantCulture)}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
