using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Variables;

namespace Suite.Image.Builds.Instructions;

/// <summary>The arguments of ENV and LABEL: name=value …, or the old form with one name and a blank.</summary>
internal static class NamedValues
{
    public static IReadOnlyList<(string Name, string Value)> Read(Instruction i, Expansion expansion)
    {
        var words = Words.SplitRaw(i, i.Arguments);
        if (words.Count == 0) throw i.Wrong("needs name=value");
        if (IsOldForm(words))
        {
            if (words.Count < 2) throw i.Wrong("needs name=value");
            return [(expansion.Of(i, words[0]), expansion.Of(i, i.Arguments[words[0].Length..].TrimStart()))];
        }

        // All values see the variables as they were before this instruction, so they are put in before any is set.
        return [.. words.Select(word =>
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw i.Wrong($"has '{word}', which is no name=value");
            var name = expansion.Of(i, word[..equals]);
            return name.Length > 0 ? (name, expansion.Of(i, word[(equals + 1)..])) : throw i.Wrong($"has '{word}', whose name is empty");
        })];
    }

    public static bool IsOldForm(IReadOnlyList<string> words) => !words[0].Contains('=', StringComparison.Ordinal);
}
