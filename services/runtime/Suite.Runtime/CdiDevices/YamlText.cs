using System.Globalization;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Suite.Runtime.CdiDevices;

/// <summary>YAML as JSON, as far as the two mean the same: maps with texts for keys, lists, and plain values.</summary>
internal static class YamlText
{
    /// <exception cref="SuiteException">InvalidArgument: it is not YAML.</exception>
    public static string ToJson(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 0 ? "null" : ToNode(stream.Documents[0].RootNode)?.ToJsonString() ?? "null";
        }
        catch (YamlException broken)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"not YAML: {broken.Message}", broken);
        }
    }

    private static JsonNode? ToNode(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", ToNode(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToNode)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    // The core schema (YAML 1.2, 10.3.2), and 1.1's octal 0666, which modes of files are written in.
    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        _ when Octal(text) is { } octal => JsonValue.Create(octal),
        _ when text.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) => JsonValue.Create(hex),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    private static long? Octal(string text)
    {
        var digits = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text.Length > 1 && text[0] == '0' ? text[1..] : "";
        return digits.Length is > 0 and <= 20 && digits.All(c => c is >= '0' and <= '7') ? Convert.ToInt64(digits, 8) : null;
    }
}
