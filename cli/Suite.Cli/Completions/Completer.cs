using System.CommandLine;
using Grpc.Core;
using Suite.Cli.Commands;
using Suite.Cli.Output;
using Suite.Linux.Errors;

namespace Suite.Cli.Completions;

/// <summary>What the last word of a line can become: commands, options, and the names of what there is on this machine.</summary>
internal sealed class Completer(Invocation call)
{
    // A person waits for it with a finger on the key.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<string>> CompleteAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var typed = words.Count > 0 ? words[^1] : "";
        var before = words.Take(words.Count - 1).ToList();
        if (Catalog.CommandOf(before, out var rest) is not { } command)
            return Fitting(Catalog.Entries.Select(e => e.Name).Concat(typed.StartsWith('-') ? GlobalOptions.All.Select(o => o.Name) : []), typed);
        if (command is CommandGroup group)
            return Fitting(group.Members.Select(m => m.Name), typed);
        if (rest.Count > 0 && OptionOf(command, rest[^1]) is { Arity.MaximumNumberOfValues: > 0 } waiting)
            return Fitting(await NamesAsync(waiting.HelpName ?? "", cancellationToken), typed);
        if (typed.StartsWith('-'))
            return Fitting(command.Options.Concat(GlobalOptions.Inherited).Select(o => o.Name), typed);
        return Fitting(await NamesAsync(ArgumentOf(command, rest), cancellationToken), typed);
    }

    private static List<string> Fitting(IEnumerable<string> candidates, string typed) =>
        [.. candidates.Where(c => c.StartsWith(typed, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];

    private static Option? OptionOf(SuiteCommand command, string word) =>
        command.Options.Concat(GlobalOptions.Inherited).FirstOrDefault(o => o.Name == word || o.Aliases.Contains(word));

    /// <summary>The name of the argument that is being typed; one that takes several goes on.</summary>
    private static string ArgumentOf(SuiteCommand command, IReadOnlyList<string> rest)
    {
        var values = 0;
        for (var i = 0; i < rest.Count; i++)
        {
            if (!rest[i].StartsWith('-'))
                values++;
            else if (OptionOf(command, rest[i]) is { Arity.MaximumNumberOfValues: > 0 })
                i++;
        }

        // What follows the image of run, or the container of exec, is a command of its own.
        if (command.Arguments.FirstOrDefault() is { CaptureRemainingTokens: true } && values > 0)
            return "";
        return command.Arguments.Count == 0 ? "" : command.Arguments[Math.Min(values, command.Arguments.Count - 1)].Name;
    }

    private async Task<IEnumerable<string>> NamesAsync(string kind, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var services = call.Services;
        try
        {
            return kind switch
            {
                "CONTAINER" => (await services.Containers.ListAsync(new Container.V1.ListRequest { All = true }, cancellationToken: limit.Token)).Containers.Select(c => c.Name),
                "IMAGE" => (await services.Images.ListAsync(new Graph.V1.ListRequest(), cancellationToken: limit.Token)).Images.SelectMany(i => i.Tags).Select(ImageNames.Familiar),
                "VOLUME" => (await services.Volumes.ListVolumesAsync(new Container.V1.ListVolumesRequest(), cancellationToken: limit.Token)).Volumes.Select(v => v.Name),
                "NETWORK" => (await services.Network.ListNetworksAsync(new Network.V1.ListNetworksRequest(), cancellationToken: limit.Token)).Networks.Select(n => n.Name),
                "SHELL" => ["bash", "zsh", "fish"],
                "POLICY" => ["no", "on-failure", "always", "unless-stopped"],
                "SIGNAL" => ["SIGHUP", "SIGINT", "SIGKILL", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"],
                _ => [],
            };
        }
        catch (Exception e) when (e is RpcException or SuiteException)
        {
            // Services that are down have no names: the shell offers files.
            return [];
        }
    }
}
