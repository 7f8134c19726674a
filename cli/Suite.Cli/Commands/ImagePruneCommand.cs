using System.CommandLine;
using Suite.Cli.Output;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class ImagePruneCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _force;
    private readonly Option<bool> _dryRun;

    public ImagePruneCommand()
        : base("prune", "[OPTIONS]", "Remove images that no container uses")
    {
        _all = Flag("--all", "Also those with a name", "-a");
        _force = Flag("--force", "Do not ask", "-f");
        _dryRun = Flag("--dry-run", "Say what would go, and remove nothing");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var dry = call.Get(_dryRun);
        if (!dry && !call.Get(_force) && !await AgreesAsync(call, cancellationToken))
            return ExitCodes.Success;
        var pruned = await call.Services.Images.PruneAsync(new PruneRequest { All = call.Get(_all), DryRun = dry }, cancellationToken: cancellationToken);
        foreach (var name in pruned.Untagged)
            await call.Out.WriteLineAsync($"Untagged: {ImageNames.Familiar(name)}");
        foreach (var id in pruned.Deleted)
            await call.Out.WriteLineAsync($"Deleted: {id}");
        await call.Out.WriteLineAsync($"{(dry ? "Reclaimable" : "Total reclaimed")} space: {Figures.Size(pruned.ReclaimedBytes)}");
        return ExitCodes.Success;
    }

    private async Task<bool> AgreesAsync(Invocation call, CancellationToken cancellationToken)
    {
        if (!call.Session.Streams.InputIsTerminal)
            throw new SuiteException(ErrorKind.InvalidArgument, "nobody is there to ask whether images may be removed: add --force");
        await call.Error.WriteAsync($"This removes all images {(call.Get(_all) ? "" : "without a name ")}that no container uses. Go on? [y/N] ");
        using var reader = new StreamReader(call.Session.Streams.Input, leaveOpen: true);
        return await reader.ReadLineAsync(cancellationToken) is "y" or "Y" or "yes";
    }
}
