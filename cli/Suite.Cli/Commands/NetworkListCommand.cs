using System.CommandLine;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkListCommand : SuiteCommand
{
    private readonly Option<bool> _quiet;
    private readonly Option<bool> _noTrunc;
    private readonly Option<string[]> _filter;
    private readonly Option<string?> _format;

    public NetworkListCommand()
        : base("ls", "[OPTIONS]", "List networks")
    {
        _quiet = Flag("--quiet", "Print ids only", "-q");
        _noTrunc = Flag("--no-trunc", "Print ids in full");
        _filter = List("--filter", "NAME=VALUE", "Only with this driver, id, label or name", "-f");
        _format = Text("--format", "TEMPLATE", "json, \"table TEMPLATE\", or a template such as {{.Name}}: {{.Subnets}}");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var filter = Filters.Parse(call.Get(_filter), "driver", "id", "label", "name");
        var list = await call.Services.Network.ListNetworksAsync(new ListNetworksRequest(), cancellationToken: cancellationToken);
        var rows = new Listing(
            call.Get(_quiet) ? "{{.ID}}" : call.Get(_format),
            ("NETWORK ID", "{{.ID}}"), ("NAME", "{{.Name}}"), ("DRIVER", "{{.Driver}}"), ("SUBNETS", "{{.Subnets}}")).Yielding("SUBNETS", "DRIVER");
        foreach (var network in list.Networks.Where(n => Matches(filter, n)).OrderBy(n => n.Name, StringComparer.Ordinal))
            rows.Add(Describe(network, call.Get(_noTrunc)));
        rows.Write(call.Out, call.Get(_noTrunc) ? int.MaxValue : call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    private static JsonObject Describe(NetworkInfo network, bool whole) => new()
    {
        ["ID"] = whole ? network.Id : Figures.ShortId(network.Id),
        ["Name"] = network.Name,
        ["Driver"] = network.Driver,
        ["Scope"] = "local",
        ["Subnets"] = string.Join(", ", network.Subnets.Select(subnet => subnet.Subnet_)),
        ["IPv6"] = network.Subnets.Any(subnet => subnet.Subnet_.Contains(':')) ? "true" : "false",
        ["Internal"] = network.Internal ? "true" : "false",
        ["Labels"] = string.Join(',', network.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")),
        ["CreatedAt"] = Timestamps.Rfc3339(network.CreatedAt),
    };

    private static bool Matches(Filters filter, NetworkInfo network) =>
        filter.Any("name", value => Filters.IsFound(value, network.Name))
        && filter.Any("id", value => network.Id.StartsWith(value, StringComparison.Ordinal))
        && filter.Any("driver", value => network.Driver == value)
        && filter.All("label", value => Filters.HasLabel(network.Labels, value));
}
