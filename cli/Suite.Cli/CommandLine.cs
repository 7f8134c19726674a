using System.CommandLine;
using System.CommandLine.Parsing;
using Suite.Cli.Commands;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Cli.Telemetry;
using Suite.Linux.Errors;

namespace Suite.Cli;

/// <summary>From the words of the command line to an exit code.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration Parsing = new()
    {
        // "@file" is an argument like any other: a container's command may well begin with it.
        ResponseFileTokenReplacer = null,
    };

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Session session)
    {
        // "suite help run" is what some type for "suite run --help".
        if (args.Count > 0 && args[0] == "help")
            args = [.. args.Skip(1), GlobalOptions.Help.Name];
        var root = Catalog.RootFor(args);
        var line = WordsOfLine.Read(root, args);
        var parsed = root.Parse(line.Words, Parsing);
        var command = parsed.CommandResult.Command as SuiteCommand;

        if (parsed.GetResult(GlobalOptions.Help) is { Implicit: false } || (command is null && args.Count == 0))
            return await PrintAsync(session, () => HelpText.Write(session.Out, command, session.Streams.Columns));

        if (command is null && parsed.GetResult(GlobalOptions.Version) is { Implicit: false })
            return await PrintAsync(session, () => session.Out.WriteLine(Build.Line));

        var isGroupAlone = command is CommandGroup && parsed.UnmatchedTokens.Count == 0;
        if (command is null || line.Wrong is not null || (parsed.Errors.Count > 0 && !isGroupAlone))
            return UsageError(session, command, line.Wrong ?? Sentence(parsed), parsed);

        try
        {
            if (WithFiles(line, session) is { } words && root.Parse(words, Parsing) is var whole)
                parsed = whole.Errors.Count == 0 ? whole : throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use the options in a file: {Sentence(whole)}");
        }
        catch (SuiteException e)
        {
            await session.Error.WriteLineAsync($"suite: {e.Message}");
            return command.UsageFailureCode;
        }

        return await RunAsync(command, parsed, session);
    }

    /// <returns>Null: no file has anything to say.</returns>
    private static IReadOnlyList<string>? WithFiles(WordsOfLine line, Session session)
    {
        var given = line.Given.Keys.ToHashSet(StringComparer.Ordinal);
        if (GlobalOptions.IsEndpointSaid(given, session.Environment))
            given.UnionWith(GlobalOptions.Endpoint);
        List<string> global = [], own = [];
        foreach (var file in OptionsFile.Find(line.Given.GetValueOrDefault(GlobalOptions.Options.Name), session.Environment))
        {
            Take(file.Global(given), global);
            if (line.Command is { } command)
                Take(file.Of(command, given), own);
        }

        if (global.Count + own.Count == 0)
            return null;
        return [.. global, .. line.Words.Take(line.CommandEnd), .. own, .. line.Words.Skip(line.CommandEnd)];

        void Take(IEnumerable<string> words, List<string> to)
        {
            var before = to.Count;
            to.AddRange(words);
            given.UnionWith(to.Skip(before).Select(word => word[..word.IndexOf('=')]));
        }
    }

    /// <summary>What needs no service. That it cannot be written is all that can go wrong.</summary>
    private static async Task<int> PrintAsync(Session session, Action print)
    {
        try
        {
            print();
            await session.Out.FlushAsync();
            return ExitCodes.Success;
        }
        catch (ErrnoException e) when (e.Errno == ErrnoNames.EPIPE)
        {
            return ExitCodes.OutputClosed;
        }
        catch (ErrnoException e)
        {
            await session.Error.WriteLineAsync($"suite: {e.Message}");
            return ExitCodes.Failure;
        }
    }

    private static async Task<int> RunAsync(SuiteCommand command, ParseResult parsed, Session session)
    {
        using var interruption = new Interruption();
        using var trace = Trace.Start(session, command.Name);
        try
        {
            using var invocation = new Invocation(parsed, session, interruption);
            var exitCode = await command.RunAsync(invocation, interruption.Token);
            await session.Out.FlushAsync();
            return exitCode;
        }
        catch (Exception) when (interruption.Token.IsCancellationRequested)
        {
            // Behind the "^C" that the terminal has written: the shell begins a line for those alone that a signal killed.
            if (session.Streams.ErrorIsTerminal)
                await session.Error.WriteLineAsync();
            return interruption.ExitCode;
        }
        catch (ErrnoException e) when (e.Errno == ErrnoNames.EPIPE)
        {
            // The reader of our output has seen enough, as in `suite logs web | head -1`.
            return ExitCodes.OutputClosed;
        }
        catch (Exception e) when (Failures.Describe(e) is { } sentence)
        {
            trace?.Failed(sentence);
            await session.TryFlushAsync();
            await session.Error.WriteLineAsync($"suite: {sentence}");
            return command.FailureCode;
        }
    }

    private static int UsageError(Session session, SuiteCommand? command, string reason, ParseResult parsed)
    {
        if (command is null)
        {
            var sentence = parsed.UnmatchedTokens is [var unknown, ..] && !unknown.StartsWith('-')
                ? $"\"{unknown}\" is not a command; see \"suite --help\""
                : $"{reason}; see \"suite --help\"";
            session.Error.WriteLine($"suite: {sentence}");
            return ExitCodes.Failure;
        }

        session.Error.WriteLine($"suite: {command.Words}: {reason}; see \"suite {command.Words} --help\"");
        return command.UsageFailureCode;
    }

    private static string Sentence(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is [var token, ..])
            return token.StartsWith('-') ? $"there is no option {token}" : $"one argument too many: \"{token}\"";
        return parsed.Errors is not [var first, ..] ? "a command is missing" : first.SymbolResult switch
        {
            ArgumentResult { Argument: var argument, Tokens.Count: 0, Parent: CommandResult } => $"{argument.Name} is missing",
            OptionResult { Option: var option, Tokens.Count: 0 } => $"option {option.Name} needs a value",
            ArgumentResult { Tokens.Count: 0, Parent: OptionResult { Option: var option } } => $"option {option.Name} needs a value",
            OptionResult { Option: var option } => $"option {option.Name}: {Trim(first.Message)}",
            _ => Trim(first.Message),
        };
    }

    private static string Trim(string message)
    {
        // The library lists what there is below each other: "Argument 'x' not recognized. Must be one of:", and a line for each.
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 1 && lines[0].Split('\'') is [_, var value, ..]
            ? $"\"{value}\" is none of {string.Join(", ", lines.Skip(1).Select(line => line.Trim('\'')))}"
            : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.', '\n');
    }
}
