using System.CommandLine;
using Suite.Cli.Commands;
using Suite.Cli.Endpoints;
using Suite.Cli.Syntax;

namespace Suite.Cli.Completions;

/// <summary>What the last word of a line can become: commands, options, and the names of what there is on this machine.</summary>
internal sealed class Completer(Invocation call)
{
    public async Task<IReadOnlyList<Candidate>> CompleteAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var typed = words.Count > 0 ? words[^1] : "";
        var before = words.Take(words.Count - 1).ToList();
        if (Catalog.CommandOf(before, out var rest) is not { } command)
            return typed.StartsWith('-') ? Options(GlobalOptions.All, typed) : Fitting(Catalog.Entries.Select(e => new Candidate(e.Name, e.Make().Description ?? "")), typed);
        if (command is CommandGroup group)
            return Fitting(group.Members.Select(m => new Candidate(m.Name, m.Description ?? "")), typed);
        using var clients = ClientsFor(before);
        var names = new KnownNames(clients ?? call.Services, call.Session.Time);
        if (rest.Count > 0 && OptionOf(command, rest[^1]) is { } waiting && TakesWord(waiting))
            return Fitting(await names.OfAsync(waiting.HelpName ?? "", cancellationToken), typed);
        if (typed.StartsWith("--", StringComparison.Ordinal) && typed.IndexOf('=') is > 0 and var end)
            return await ValuesAsync(command, typed[..end], typed, names, cancellationToken);
        if (typed.StartsWith('-'))
            return Options([.. command.Options, .. GlobalOptions.Inherited], typed);
        return Fitting(await names.OfAsync(ArgumentOf(command, rest), cancellationToken), typed);
    }

    /// <summary>Where the line says where the services are, that is where the names are, too. Null: it does not.</summary>
    private ServiceClients? ClientsFor(IReadOnlyList<string> words)
    {
        var given = WordsOfLine.Read(Catalog.RootFor(words), words).Given;
        var (host, run) = (given.GetValueOrDefault(GlobalOptions.Host.Name), given.GetValueOrDefault(GlobalOptions.Run.Name));
        return host is null && run is null ? null : new ServiceClients(SocketFolder.From(host, run, call.Session.Environment));
    }

    private static async Task<IReadOnlyList<Candidate>> ValuesAsync(
        SuiteCommand command, string option, string typed, KnownNames names, CancellationToken cancellationToken) =>
        OptionOf(command, option) is not { } found ? []
            : Fitting((await names.OfAsync(found.HelpName ?? "", cancellationToken)).Select(c => c with { Word = $"{option}={c.Word}" }), typed);

    private static IReadOnlyList<Candidate> Options(IEnumerable<Option> options, string typed) =>
        Fitting(options.Select(o => new Candidate(o.Name, o.Description ?? "")), typed);

    private static IReadOnlyList<Candidate> Fitting(IEnumerable<Candidate> candidates, string typed) =>
        [.. candidates.Where(c => c.Word.StartsWith(typed, StringComparison.Ordinal)).DistinctBy(c => c.Word).OrderBy(c => c.Word, StringComparer.Ordinal)];

    private static Option? OptionOf(SuiteCommand command, string word) =>
        command.Options.Concat(GlobalOptions.Inherited).FirstOrDefault(o => o.Name == word || o.Aliases.Contains(word));

    private static bool TakesWord(Option option) => option is { Arity.MaximumNumberOfValues: > 0 } and not Option<bool>;

    /// <summary>The name of the argument that is being typed; one that takes several goes on.</summary>
    private static string ArgumentOf(SuiteCommand command, IReadOnlyList<string> rest)
    {
        var values = 0;
        for (var i = 0; i < rest.Count; i++)
        {
            if (!rest[i].StartsWith('-'))
                values++;
            else if (OptionOf(command, rest[i]) is { } option && TakesWord(option))
                i++;
        }

        // What follows the image of run, or the container of exec, is a command of its own.
        if (command.Arguments.FirstOrDefault() is { CaptureRemainingTokens: true } && values > 0)
            return "";
        return command.Arguments.Count == 0 ? "" : command.Arguments[Math.Min(values, command.Arguments.Count - 1)].Name;
    }
}
