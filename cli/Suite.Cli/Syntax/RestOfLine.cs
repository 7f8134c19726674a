using System.CommandLine;

namespace Suite.Cli.Syntax;

/// <summary>
/// Puts "--" before the first argument of a command that takes the rest of the line, as in `run IMAGE COMMAND -it`. The parser
/// stops at that argument by itself (Argument.CaptureRemainingTokens), but has taken bundles such as -it apart by then.
/// </summary>
internal static class RestOfLine
{
    public static IReadOnlyList<string> Mark(Command root, IReadOnlyList<string> args)
    {
        Command? command = null;
        for (var i = 0; i < args.Count; i++)
        {
            var word = args[i];
            if (word == "--")
                return args;
            if (word.Length > 1 && word[0] == '-')
            {
                if (TakesNext(word, root, command))
                    i++;
            }
            else if (command is null)
            {
                command = root.Subcommands.FirstOrDefault(c => c.Name == word);
                if (command?.Arguments.Any(a => a.CaptureRemainingTokens) != true)
                    return args;
            }
            else
            {
                return [.. args.Take(i), "--", .. args.Skip(i)];
            }
        }

        return args;
    }

    /// <summary>Whether the value of an option is the word behind it.</summary>
    private static bool TakesNext(string word, Command root, Command? command)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
            return HasValue(word, root, command);
        // Of -itp8080:80 the first letter with a value takes what is left of the word, and the next word only if nothing is.
        for (var i = 1; i < word.Length; i++)
        {
            if (HasValue($"-{word[i]}", root, command))
                return i == word.Length - 1;
        }

        return false;
    }

    private static bool HasValue(string name, Command root, Command? command) =>
        (command is null ? root.Options : command.Options.Concat(root.Options.Where(o => o.Recursive))).FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name))
            is { Arity.MaximumNumberOfValues: > 0 };
}
