using System.Text.RegularExpressions;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>--filter NAME=VALUE, as often as wished.</summary>
internal sealed class Filters
{
    private readonly ILookup<string, string> _values;

    private Filters(ILookup<string, string> values) => _values = values;

    /// <param name="texts">As given.</param>
    /// <param name="known">The names that there are.</param>
    public static Filters Parse(string[]? texts, params string[] known)
    {
        var values = new List<(string Name, string Value)>();
        foreach (var text in texts ?? [])
        {
            var end = text.IndexOf('=');
            var name = end < 0 ? text : text[..end].Trim();
            if (end < 0 || !known.Contains(name))
                throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --filter \"{text}\": write NAME=VALUE, with a name of {string.Join(", ", known)}");
            values.Add((name, text[(end + 1)..].Trim()));
        }

        return new Filters(values.ToLookup(v => v.Name, v => v.Value));
    }

    public IEnumerable<string> Of(string name) => _values[name];

    public bool Has(string name) => _values.Contains(name);

    /// <summary>Whether one of the values fits; without values everything does.</summary>
    public bool Any(string name, Func<string, bool> fits) => !_values.Contains(name) || _values[name].Any(fits);

    /// <summary>Whether every value fits.</summary>
    public bool All(string name, Func<string, bool> fits) => _values[name].All(fits);

    /// <summary>As docker looks for names and ids: a regular expression that fits anywhere, so that a part of a name does, too.</summary>
    public static bool IsFound(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException)
        {
            return text.Contains(pattern, StringComparison.Ordinal);
        }
    }

    /// <summary>"name" or "name=value".</summary>
    public static bool HasLabel(IDictionary<string, string> labels, string wanted)
    {
        var end = wanted.IndexOf('=');
        return end < 0 ? labels.ContainsKey(wanted) : labels.TryGetValue(wanted[..end], out var value) && value == wanted[(end + 1)..];
    }
}
