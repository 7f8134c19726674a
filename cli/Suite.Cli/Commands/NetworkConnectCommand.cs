using System.CommandLine;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkConnectCommand : SuiteCommand
{
    private readonly Option<string?> _ip;
    private readonly Option<string?> _ip6;
    private readonly Option<string?> _mac;
    private readonly Option<string[]> _alias;
    private readonly Argument<string> _network;
    private readonly Argument<string> _container;

    public NetworkConnectCommand()
        : base("connect", "[OPTIONS] NETWORK CONTAINER", "Put a running container on one more network")
    {
        _ip = Text("--ip", "ADDRESS", "Its address of IPv4 there");
        _ip6 = Text("--ip6", "ADDRESS", "Its address of IPv6 there");
        _mac = Text("--mac-address", "ADDRESS", "Its hardware address there");
        _alias = List("--alias", "NAME", "One more name for it there");
        _network = One("NETWORK");
        _container = One("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var endpoint = new EndpointSettings { Network = call.Get(_network), MacAddress = call.Get(_mac) ?? "" };
        endpoint.Addresses.Add(new[] { call.Get(_ip), call.Get(_ip6) }.OfType<string>());
        endpoint.Aliases.Add(call.Get(_alias) ?? []);
        var sandbox = await ContainerSandbox.FindAsync(call, call.Get(_container), cancellationToken);
        await call.Services.Network.ConnectAsync(new ConnectRequest { SandboxId = sandbox, Endpoint = endpoint }, cancellationToken: cancellationToken);
        return ExitCodes.Success;
    }
}
