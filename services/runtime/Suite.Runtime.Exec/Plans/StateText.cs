using System.Globalization;
using System.Text;
using System.Text.Json;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>
/// The container's state as hooks and listeners read it (runtime.md, State), ready but for status and pid: what is told in the
/// child of a clone must not need a serializer.
/// </summary>
/// <param name="Before">JSON up to the value of status.</param>
/// <param name="After">JSON after the value of pid.</param>
internal sealed record StateText(string Before, string After)
{
    public static StateText Of(string version, string id, string bundle, IReadOnlyDictionary<string, string>? annotations)
    {
        var after = new StringBuilder($",\"bundle\":{Quote(bundle)}");
        if (annotations is { Count: > 0 })
        {
            var pairs = annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Quote(pair.Key)}:{Quote(pair.Value)}");
            after.Append(CultureInfo.InvariantCulture, $",\"annotations\":{{{string.Join(',', pairs)}}}");
        }

        return new StateText($"{{\"ociVersion\":{Quote(version)},\"id\":{Quote(id)},\"status\":", after.Append('}').ToString());
    }

    /// <param name="status"><c>creating</c>, <c>created</c>, <c>running</c> or <c>stopped</c>.</param>
    /// <param name="pid">As the runtime sees it; 0: none.</param>
    public string With(string status, int pid) =>
        pid > 0 ? $"{Before}\"{status}\",\"pid\":{pid.ToString(CultureInfo.InvariantCulture)}{After}" : $"{Before}\"{status}\"{After}";

    public static string Quote(string text) => IsPlain(text) ? string.Concat("\"", text, "\"") : $"\"{JsonEncodedText.Encode(text)}\"";

    // Nearly all are. The tables of an encoder, made for a single text, cost suite-oci a twentieth of its time.
    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or '.' or '-' or '_' or ':' or ' '))
                return false;
        }

        return true;
    }

    internal void Write(WireWriter writer)
    {
        writer.String(Before);
        writer.String(After);
    }

    internal static StateText Read(ref WireReader reader) => new(reader.String(), reader.String());
}
