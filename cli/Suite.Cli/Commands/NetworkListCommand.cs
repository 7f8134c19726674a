using System.CommandLine;
using Suite.Cli.Output;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkListCommand : SuiteCommand
{
    private readonly Option<bool> _quiet;
    private readonly Option<bool> _noTrunc;

    public NetworkListCommand()
        : base("ls", "[OPTIONS]", "List networks")
    {
        _quiet = Flag("--quiet", "Print ids only", "-q");
        _noTrunc = Flag("--no-trunc", "Print ids in full");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var list = await call.Services.Network.ListNetworksAsync(new ListNetworksRequest(), cancellationToken: cancellationToken);
        string Id(NetworkInfo network) => call.Get(_noTrunc) ? network.Id : Figures.ShortId(network.Id);
        if (call.Get(_quiet))
        {
            foreach (var network in list.Networks)
                await call.Out.WriteLineAsync(Id(network));
            return ExitCodes.Success;
        }

        var table = new Table("NETWORK ID", "NAME", "DRIVER", "SUBNETS");
        foreach (var network in list.Networks.OrderBy(network => network.Name, StringComparer.Ordinal))
            table.Add(Id(network), network.Name, network.Driver, string.Join(", ", network.Subnets.Select(subnet => subnet.Subnet_)));
        table.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
    }
}
