using System.CommandLine;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkConnectCommand : SuiteCommand
{
    private readonly Option<string[]> _alias;
    private readonly Option<string?> _ip;
    private readonly Option<string?> _ip6;
    private readonly Argument<string> _network;
    private readonly Argument<string> _container;

    public NetworkConnectCommand()
        : base("connect", "[OPTIONS] NETWORK CONTAINER", "Connect a running container to one more network")
    {
        _alias = List("--alias", "NAME", "A further name on that network");
        _ip = Text("--ip", "ADDRESS", "The address to have there");
        _ip6 = Text("--ip6", "ADDRESS", "The IPv6 address to have there");
        _network = One("NETWORK");
        _container = One("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var settings = new EndpointSettings { Network = call.Get(_network), Aliases = { call.Get(_alias) ?? [] } };
        settings.Addresses.AddRange(new[] { call.Get(_ip), call.Get(_ip6) }.OfType<string>());
        var sandbox = await NetworkSandbox.OfAsync(call, call.Get(_container), cancellationToken);
        await call.Services.Network.ConnectAsync(
            new ConnectRequest { SandboxId = sandbox, Endpoint = settings }, cancellationToken: cancellationToken);
        return ExitCodes.Success;
    }
}
