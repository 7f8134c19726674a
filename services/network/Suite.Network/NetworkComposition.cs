using Microsoft.Extensions.Options;
using Suite.Hosting;
using Suite.Network.Attachments;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Ports;
using Suite.Network.Endpoints;
using Suite.Network.Events;
using Suite.Network.Names;
using Suite.Network.Networks;
using Suite.Network.Plugins;
using Suite.Network.Recovery;
using Suite.Network.State;

namespace Suite.Network;

/// <summary>What suite-network is made of.</summary>
internal static class NetworkComposition
{
    public static void Compose(SuiteHostBuilder host)
    {
        var services = host.Services;
        services.Configure<NetworkOptions>(host.Configuration);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<NetworkOptions>>().Value);

        services.AddSingleton(_ => Schema.Open(Path.Combine(host.StateDirectory, "network.db")));
        services.AddSingleton<NetworkStore>();
        services.AddSingleton<AttachmentStore>();

        services.AddSingleton(provider => new BridgeDriver(host.Paths.Instance, provider.GetRequiredService<NetworkOptions>().SpareNamespaces));
        services.AddSingleton<PortReservations>();
        services.AddSingleton<Gate>();
        services.AddSingleton<SandboxTurns>();
        services.AddSingleton<EventHub>();

        services.AddSingleton<NetworkCatalog>();
        services.AddSingleton<BridgeKeeper>();
        services.AddSingleton<SubnetPlanner>();
        services.AddSingleton<CreateNetwork>();
        services.AddSingleton<RemoveNetwork>();
        services.AddSingleton<DefaultNetwork>();
        services.AddSingleton<Readiness>();

        services.AddSingleton<LinkPlanner>();
        services.AddSingleton<PortPlanner>();
        services.AddSingleton<AttachmentPlanner>();
        services.AddSingleton<Teardowns>();
        services.AddSingleton<AttachSandbox>();
        services.AddSingleton<DetachSandbox>();
        services.AddSingleton<ConnectSandbox>();
        services.AddSingleton<CheckSandbox>();
        services.AddSingleton<Answers>();

        services.AddSingleton<LiveLinks>();
        services.AddSingleton<NameDirectory>();
        services.AddSingleton<HostServers>();
        services.AddSingleton<ServedAddresses>();
        services.AddSingleton<NameForwarder>();
        services.AddSingleton<NameResolver>();
        services.AddSingleton<NameServer>();

        services.AddSingleton<PluginFolder>();
        services.AddSingleton<PluginProcess>();
        services.AddSingleton<PluginChain>();
        services.AddSingleton<ResultCache>();
        services.AddSingleton<PluginChains>();
        services.AddSingleton<PluginReadiness>();

        services.AddSingleton<Leftovers>();
        services.AddSingleton<Reconciliation>();
        services.AddSingleton<Collector>();
        services.AddHostedService(provider => provider.GetRequiredService<Collector>());
        services.AddHostedService<Guard>();

        host.BeforeListening((provider, cancellationToken) => provider.GetRequiredService<Reconciliation>().RunAsync(cancellationToken));
        host.MapGrpc<NetworkEndpoint>();
    }
}
