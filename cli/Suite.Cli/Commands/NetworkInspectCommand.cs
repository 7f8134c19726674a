using System.CommandLine;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkInspectCommand : SuiteCommand
{
    private readonly Option<string?> _format;
    private readonly Argument<string[]> _names;

    public NetworkInspectCommand()
        : base("inspect", "[OPTIONS] NETWORK...", "Print all about networks as JSON")
    {
        _format = Text("--format", "TEMPLATE", "Print fields, for example {{.IPAM.Config}}", "-f");
        _names = Several("NETWORK");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        Documents.PrintAsync(call, call.Get(_names), call.Get(_format), async name => Describe(await call.Services.Network.InspectNetworkAsync(
            new InspectNetworkRequest { Network = name }, cancellationToken: cancellationToken)));

    private static JsonObject Describe(InspectNetworkResponse response)
    {
        var network = response.Network;
        var containers = new JsonObject();
        foreach (var attachment in response.Attachments)
        {
            var endpoint = attachment.Endpoints.FirstOrDefault(e => e.Network == network.Name);
            containers[attachment.SandboxId] = new JsonObject
            {
                ["Name"] = attachment.SandboxName,
                ["MacAddress"] = endpoint?.MacAddress ?? "",
                ["IPv4Address"] = endpoint?.Addresses.FirstOrDefault(a => !a.Contains(':')) ?? "",
                ["IPv6Address"] = endpoint?.Addresses.FirstOrDefault(a => a.Contains(':')) ?? "",
            };
        }

        return new JsonObject
        {
            ["Name"] = network.Name,
            ["Id"] = network.Id,
            ["Created"] = Timestamps.Rfc3339(network.CreatedAt),
            ["Scope"] = "local",
            ["Driver"] = network.Driver,
            ["IPAM"] = new JsonObject
            {
                ["Config"] = new JsonArray([.. network.Subnets.Select(s => (JsonNode?)new JsonObject { ["Subnet"] = s.Subnet_, ["IPRange"] = s.Range, ["Gateway"] = s.Gateway })]),
            },
            ["Internal"] = network.Internal,
            ["Isolated"] = network.Isolated,
            ["Interface"] = network.InterfaceName,
            ["MTU"] = network.Mtu,
            ["Containers"] = containers,
            ["Labels"] = Documents.Map(network.Labels),
        };
    }
}
