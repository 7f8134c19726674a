using System.CommandLine;
using Suite.Cli.Commands;

namespace Suite.Cli.Syntax;

/// <summary>
/// A line in the one form that the parser reads without guessing: "-itp 80:80" is "--interactive=true --tty=true --publish=80:80",
/// so that no flag takes the word behind it for its value, and "--" stands before what is a container's command.
/// </summary>
internal sealed class WordsOfLine
{
    private readonly Command _root;
    private readonly List<string> _words = [];
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    private WordsOfLine(Command root) => _root = root;

    public IReadOnlyList<string> Words => _words;

    /// <summary>The one that is called; null when the line names none.</summary>
    public SuiteCommand? Command { get; private set; }

    /// <summary>How many words end with the command's own name.</summary>
    public int CommandEnd { get; private set; }

    /// <summary>The values of the options on the line, by their long names; of several of one name, the last.</summary>
    public IReadOnlyDictionary<string, string> Given => _given;

    /// <summary>What is wrong with an option or the value of a flag; null: nothing that is seen here.</summary>
    public string? Wrong { get; private set; }

    public static WordsOfLine Read(Command root, IReadOnlyList<string> args)
    {
        var line = new WordsOfLine(root);
        for (var i = 0; i < args.Count; i++)
        {
            var word = args[i];
            if (word == "--")
                return line.End(args.Skip(i));
            // Of run and create it is the host's name.
            if (word == "-h" && line.Find(word) is null)
                word = GlobalOptions.Help.Name;
            if (word.StartsWith("--", StringComparison.Ordinal))
                i += line.AddLong(word, i + 1 < args.Count ? args[i + 1] : null);
            else if (word.Length > 1 && word[0] == '-')
                i += line.AddBundle(word, i + 1 < args.Count ? args[i + 1] : null);
            else if (line.Command is null or CommandGroup)
                line.AddCommand(word);
            else if (line.Command.Arguments.Any(a => a.CaptureRemainingTokens))
                return line.End(["--", .. args.Skip(i)]);
            else
                line._words.Add(word);
        }

        return line;
    }

    private WordsOfLine End(IEnumerable<string> rest)
    {
        _words.AddRange(rest);
        return this;
    }

    private void AddCommand(string word)
    {
        _words.Add(word);
        var among = Command is CommandGroup group ? group.Members : _root.Subcommands.OfType<SuiteCommand>();
        if (among.FirstOrDefault(c => c.Name == word || c.Aliases.Contains(word)) is not { } found)
            return;
        Command = found;
        CommandEnd = _words.Count;
    }

    /// <returns>How many of the next words were its value.</returns>
    private int AddLong(string word, string? next)
    {
        var end = word.IndexOf('=');
        var name = end < 0 ? word : word[..end];
        if (Find(name) is not { Arity.MaximumNumberOfValues: > 0 } option)
        {
            MarkUnknown(name);
            _words.Add(word);
            return 0;
        }

        var isFlag = option is Option<bool>;
        if (end < 0 && !isFlag && next is null)
        {
            _words.Add(word);
            return 0;
        }

        Add(option, end >= 0 ? word[(end + 1)..] : isFlag ? "true" : next!);
        return end < 0 && !isFlag ? 1 : 0;
    }

    /// <summary>Of -itp8080:80 the first letter with a value takes what is left of the word, and the next word only if nothing is.</summary>
    private int AddBundle(string word, string? next)
    {
        var options = word.Skip(1).Select(letter => Find($"-{letter}")).TakeWhile(o => o is { Arity.MaximumNumberOfValues: > 0 }).ToList();
        var flags = options.TakeWhile(o => o is Option<bool>).Count();
        var rest = word[Math.Min(word.Length, flags + 1)..];
        var last = flags < options.Count ? options[flags] : null;
        if ((last is null && rest.Length > 0 && !(rest[0] == '=' && flags > 0)) || (last is not null && rest.Length == 1 && next is null))
        {
            // Not ours to understand: the parser says what is wrong with it.
            MarkUnknown($"-{word[Math.Min(word.Length - 1, flags + 1)]}");
            _words.Add(word);
            return 0;
        }

        for (var i = 0; i < flags; i++)
            Add(options[i]!, i == flags - 1 && last is null && rest.Length > 0 ? rest[1..] : "true");
        if (last is null)
            return 0;
        Add(last, rest.Length == 1 ? next! : rest[1] == '=' ? rest[2..] : rest[1..]);
        return rest.Length == 1 ? 1 : 0;
    }

    // The parser would take it for the first word of what runs in a container: "run --nosuch box" for the image "--nosuch".
    private void MarkUnknown(string name)
    {
        if (Command is not (null or CommandGroup) && Find(name) is null)
            Wrong ??= $"there is no option {name}";
    }

    private void Add(Option option, string value)
    {
        _given[option.Name] = value;
        var said = option is Option<bool> ? Truth(value) : value;
        if (option is Option<bool> && said is not ("true" or "false"))
            Wrong ??= $"option {option.Name} is true or false, not \"{value}\"";
        if (said.Length > 0)
            _words.Add($"{option.Name}={said}");
        else
            _words.AddRange([option.Name, ""]);
    }

    // What Go's strconv.ParseBool takes, as scripts for Docker have it.
    private static string Truth(string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => "true",
        "0" or "f" or "F" or "false" or "FALSE" or "False" => "false",
        _ => value,
    };

    private Option? Find(string name) =>
        (Command is null ? _root.Options : Command.Options.Concat(_root.Options.Where(o => o.Recursive)))
            .FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));
}
