using System.Globalization;
using Suite.Image.Graph.Drivers;

namespace Suite.Image.Builds;

/// <summary>COPY, and ADD as far as it does the same.</summary>
internal static class CopyInstruction
{
    private static readonly string[] Archives = [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst"];

    public static (IReadOnlyList<CopyEntry> Entries, CopyAttributes Attributes) Plan(
        Instruction i, BuildContext context, BuildState state, ILayerView image, CopyAttributes attributes)
    {
        if (i.Arguments.StartsWith("<<", StringComparison.Ordinal)) throw i.NotBuilt($"{i.Keyword} with a here-document");
        var words = ConfigInstructions.Json(i.Arguments)?.Select(w => Words.Expand(i, w, state.Variable)).ToArray()
            ?? Words.Split(i, i.Arguments, state.Variable);
        if (words.Count < 2) throw i.Wrong("takes at least one source and a destination");
        var sources = words.Take(words.Count - 1).SelectMany(s => Sources(i, context, s)).ToArray();
        var destination = words[^1] is "." or "./" ? state.Absolute("") : state.Absolute(words[^1]);
        if (words.Count > 2 && !destination.EndsWith('/')) throw i.Wrong("with several sources needs a destination that ends with '/'");
        return (CopyPlan.Of(i, context.Root, sources, destination, image), Attributes(i, attributes));
    }

    private static IReadOnlyList<string> Sources(Instruction i, BuildContext context, string source)
    {
        if (i.Keyword == "ADD")
        {
            if (source.Contains("://", StringComparison.Ordinal)) throw i.NotBuilt("ADD of a URL");
            if (Archives.Any(a => source.EndsWith(a, StringComparison.OrdinalIgnoreCase))) throw i.NotBuilt("ADD of an archive, which it would unpack,");
        }

        return context.Match(i, source);
    }

    /// <summary>--chown=UID[:GID] and --chmod=MODE, by numbers: names would need the image's /etc/passwd.</summary>
    private static CopyAttributes Attributes(Instruction i, CopyAttributes attributes)
    {
        if (i.Flags.TryGetValue("chown", out var owner))
        {
            var ids = owner.Split(':', 2);
            if (!uint.TryParse(ids[0], NumberStyles.None, CultureInfo.InvariantCulture, out var user)
                || !uint.TryParse(ids[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var group))
                throw i.NotBuilt("--chown by name");
            attributes = attributes with { User = user, Group = group };
        }

        if (!i.Flags.TryGetValue("chmod", out var mode)) return attributes;
        if (mode.Length is 0 or > 4 || mode.Any(c => c is < '0' or > '7')) throw i.NotBuilt("--chmod by letters");
        return attributes with { Mode = Convert.ToUInt32(mode, 8) };
    }
}
