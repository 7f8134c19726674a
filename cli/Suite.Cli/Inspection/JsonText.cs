using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Suite.Cli.Inspection;

/// <summary>
/// JSON as docker prints it: &lt;, &gt;, &amp; and letters of every language as they are (Go's encoder with SetEscapeHTML(false)), for it goes
/// to a person or a program and into no page.
/// </summary>
internal static class JsonText
{
    /// <summary>In one line.</summary>
    public static string Line(JsonNode? value) => Write(value, indented: false);

    /// <summary>As the inspect commands print it.</summary>
    public static string Indented(JsonNode? value) => Write(value, indented: true);

    private static string Write(JsonNode? value, bool indented)
    {
        if (value is null)
            return "null";
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented, IndentSize = 4 }))
            value.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
