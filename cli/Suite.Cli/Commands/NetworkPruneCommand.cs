using System.CommandLine;
using Suite.Linux.Errors;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkPruneCommand : SuiteCommand
{
    private const string LabelFilter = "label=";

    private readonly Option<string[]> _filter;

    public NetworkPruneCommand()
        : base("prune", "[OPTIONS]", "Remove every network that nothing is connected to, but for those built in")
    {
        _filter = List("--filter", "label=NAME[=VALUE]", "Only those that are labelled so");
        // Nothing is asked in any case: this is what scripts written for others say.
        Flag("--force", "Do not ask, which it never does", "-f");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new PruneNetworksRequest();
        request.Labels.Add((call.Get(_filter) ?? []).Select(filter => filter.StartsWith(LabelFilter, StringComparison.Ordinal)
            ? filter[LabelFilter.Length..]
            : throw new SuiteException(ErrorKind.InvalidArgument, $"--filter {filter}: networks are told apart by label=NAME[=VALUE]")));
        var answer = await call.Services.Network.PruneNetworksAsync(request, cancellationToken: cancellationToken);
        foreach (var name in answer.Removed)
            await call.Out.WriteLineAsync(name);
        return ExitCodes.Success;
    }
}
