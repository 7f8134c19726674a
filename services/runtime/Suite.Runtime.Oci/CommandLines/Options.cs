using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Runtime.Oci.CommandLines;

/// <summary>
/// Options as runc takes them: one dash or two, <c>--name value</c> or <c>--name=value</c>, flags with <c>=true</c> or <c>=false</c>,
/// and none after the first word that is not one.
/// </summary>
internal sealed class Options
{
    private readonly Dictionary<string, List<string>> _given = [];

    private Options(string command)
    {
        Command = command;
    }

    public string Command { get; }

    /// <summary>What follows the options.</summary>
    public IReadOnlyList<string> Words { get; private set; } = [];

    public static Options Parse(string command, OptionNames names, ReadOnlySpan<string> arguments)
    {
        var options = new Options(command);
        var next = 0;
        while (next < arguments.Length && arguments[next] is { Length: > 1 } text && text[0] == '-')
        {
            next++;
            if (text == "--")
                break;

            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var name = text[..(equals < 0 ? text.Length : equals)].TrimStart('-');
            var (known, takesValue) = names.Find(name) ?? throw options.Wrong($"there is no option {text}");
            var value = equals >= 0 ? text[(equals + 1)..] : "true";
            if (takesValue && equals < 0)
                value = next < arguments.Length ? arguments[next++] : throw options.Wrong($"the option --{known} needs a value");
            options._given.TryAdd(known, []);
            options._given[known].Add(value);
        }

        options.Words = arguments[next..].ToArray();
        return options;
    }

    public bool Has(string name) => _given.TryGetValue(name, out var values) && values[^1] is not ("false" or "0");

    /// <summary>The last one given; null when there is none.</summary>
    public string? Value(string name) => _given.TryGetValue(name, out var values) ? values[^1] : null;

    public IReadOnlyList<string> All(string name) => _given.TryGetValue(name, out var values) ? values : [];

    public long? Number(string name)
    {
        if (Value(name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong($"--{name} is to be a number, not \"{text}\"");
    }

    /// <summary>The container's id, which must be the only word.</summary>
    public string OnlyId() => Words.Count == 1 ? Words[0] : throw Wrong($"takes one word, the container's id; given: {Words.Count}");

    public SuiteException Wrong(string what) => new(ErrorKind.InvalidArgument, $"{Command}: {what}");
}
