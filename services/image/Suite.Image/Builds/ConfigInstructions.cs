using System.Text.Json;
using Suite.Oci.Images;

namespace Suite.Image.Builds;

/// <summary>The instructions that change only the configuration.</summary>
internal static class ConfigInstructions
{
    /// <returns>False when the instruction is none of these.</returns>
    public static bool Apply(Instruction i, BuildState state)
    {
        switch (i.Keyword)
        {
            case "ENV":
                foreach (var (name, value) in Pairs(i, state)) state.SetVariable(name, value);
                return true;
            case "LABEL":
                var labels = new SortedDictionary<string, string>((state.Config.Labels ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal);
                foreach (var (name, value) in Pairs(i, state)) labels[name] = value;
                state.Config = state.Config with { Labels = labels };
                return true;
            case "CMD":
                state.Config = state.Config with { Cmd = Command(i) };
                state.CommandSet = true;
                return true;
            case "ENTRYPOINT":
                state.Config = state.Config with { Entrypoint = Command(i), Cmd = state.CommandSet ? state.Config.Cmd : null };
                return true;
            case "USER":
                state.Config = state.Config with { User = One(i, state) };
                return true;
            case "STOPSIGNAL":
                state.Config = state.Config with { StopSignal = One(i, state) };
                return true;
            case "EXPOSE":
                var ports = Words.Split(i, i.Arguments, state.Variable).SelectMany(p => Ports(i, p));
                state.Config = state.Config with { ExposedPorts = Union(state.Config.ExposedPorts, ports) };
                return true;
            case "VOLUME":
                var volumes = Json(i.Arguments) ?? Words.Split(i, i.Arguments, state.Variable);
                state.Config = state.Config with { Volumes = Union(state.Config.Volumes, volumes) };
                return true;
            case "MAINTAINER":
                return true; // long deprecated: a label does it
            default:
                return false;
        }
    }

    /// <summary>The JSON form, or null when the text is none: then it is a shell's.</summary>
    public static IReadOnlyList<string>? Json(string text)
    {
        if (!text.StartsWith('[')) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String)
                ? null
                : [.. document.RootElement.EnumerateArray().Select(e => e.GetString()!)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> Command(Instruction i) =>
        i.Arguments.Length == 0 ? throw i.Wrong("needs a command") : Json(i.Arguments) ?? ["/bin/sh", "-c", i.Arguments];

    private static string One(Instruction i, BuildState state) =>
        Words.Split(i, i.Arguments, state.Variable) is [var only] ? only : throw i.Wrong("takes exactly one argument");

    /// <summary>name=value …, or the old form with one name and a blank.</summary>
    private static IEnumerable<(string Name, string Value)> Pairs(Instruction i, BuildState state)
    {
        var words = Words.SplitRaw(i, i.Arguments);
        if (words.Count == 0) throw i.Wrong("needs name=value");
        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            if (words.Count < 2) throw i.Wrong("needs name=value");
            var value = i.Arguments[words[0].Length..].TrimStart();
            return [(words[0], Words.Expand(i, value, state.Variable))];
        }

        // All values see the variables as they were before this instruction, so they are put in before any is set.
        return [.. words.Select(word =>
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            return equals > 0
                ? (Words.Expand(i, word[..equals], state.Variable), Words.Expand(i, word[(equals + 1)..], state.Variable))
                : throw i.Wrong($"has '{word}', which is no name=value");
        })];
    }

    /// <summary>80, 80/udp, 8000-8010/tcp.</summary>
    private static IEnumerable<string> Ports(Instruction i, string text)
    {
        var parts = text.Split('/', 2);
        var protocol = parts.Length == 2 ? parts[1].ToLowerInvariant() : "tcp";
        var range = parts[0].Split('-', 2);
        if (protocol is not ("tcp" or "udp" or "sctp") || !ushort.TryParse(range[0], out var from) || !ushort.TryParse(range[^1], out var to) || from == 0 || to < from)
            throw i.Wrong($"has '{text}', which is no port such as 80 or 53/udp");
        for (var port = (int)from; port <= to; port++) yield return $"{port}/{protocol}";
    }

    private static SortedDictionary<string, EmptyObject> Union(IReadOnlyDictionary<string, EmptyObject>? present, IEnumerable<string> more)
    {
        var all = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var key in (present?.Keys ?? []).Concat(more)) all[key] = EmptyObject.Instance;
        return all;
    }
}
