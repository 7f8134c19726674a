using System.CommandLine;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class BuilderPruneCommand : SuiteCommand
{
    private readonly Option<bool> _force;
    private readonly Option<bool> _dryRun;
    private readonly Option<bool> _verbose;
    private readonly Option<string?> _keep;
    private readonly Option<string[]> _filter;

    public BuilderPruneCommand()
        : base("prune", "[OPTIONS]", "Remove what builds keep for the next ones")
    {
        _force = Flag("--force", "Do not ask", "-f");
        _dryRun = Flag("--dry-run", "Say what would go, and remove nothing");
        _verbose = Flag("--verbose", "Say what goes");
        _keep = Text("--keep-storage", "BYTES", "What may stay, the last used first: 500m, 10g");
        _filter = List("--filter", "until=TIME", "Only what was not used since: 24h, or a date");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var dry = call.Get(_dryRun);
        var request = new PruneBuildsRequest { DryRun = dry, KeepBytes = call.Get(_keep) is { } keep ? (ulong)QuantitySyntax.Bytes("--keep-storage", keep) : 0 };
        foreach (var filter in call.Get(_filter) ?? [])
        {
            request.UnusedSince = filter.StartsWith("until=", StringComparison.Ordinal)
                ? SinceSyntax.Nanoseconds("--filter until", filter["until=".Length..], call.Session.Time) / 1_000_000_000
                : throw new SuiteException(ErrorKind.InvalidArgument, $"--filter {filter} is not known: until=TIME is");
        }

        if (!dry && !call.Get(_force) && !await Question.AskAsync(call, "This removes what builds keep for the next ones.", cancellationToken))
            return ExitCodes.Failure;
        var pruned = await call.Services.Images.PruneBuildsAsync(request, cancellationToken: cancellationToken);
        if (dry || call.Get(_verbose))
        {
            foreach (var removed in pruned.Removed)
                await call.Out.WriteLineAsync($"{Figures.Size(removed.Bytes)}\t{removed.What}");
        }

        await call.Out.WriteLineAsync($"{(dry ? "Reclaimable" : "Total reclaimed")} space: {Figures.Size(pruned.ReclaimedBytes)}");
        return ExitCodes.Success;
    }
}
