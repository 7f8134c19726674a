using Microsoft.Extensions.Options;
using Suite.Hosting;
using Suite.Network.Attachments;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Ports;
using Suite.Network.Endpoints;
using Suite.Network.Networks;
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
        services.AddSingleton<NetworkCatalog>();
        services.AddSingleton<BridgeKeeper>();
        services.AddSingleton<CreateNetwork>();
        services.AddSingleton<RemoveNetwork>();
        services.AddSingleton<AttachmentPlanner>();
        services.AddSingleton<AttachSandbox>();
        services.AddSingleton<DetachSandbox>();
        services.AddSingleton<Reconciliation>();

        host.BeforeListening((provider, cancellationToken) => provider.GetRequiredService<Reconciliation>().RunAsync(cancellationToken));
        host.MapGrpc<NetworkEndpoint>();
    }
}
