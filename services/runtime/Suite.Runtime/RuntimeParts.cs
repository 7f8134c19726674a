using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Runtime.V1;
using Suite.Hosting;
using Suite.Linux.Cgroups;
using Suite.Runtime.CdiDevices;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Endpoints;
using Suite.Runtime.Events;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Handlers;
using Suite.Runtime.Logs;
using Suite.Runtime.Metrics;
using Suite.Runtime.Peers;
using Suite.Runtime.Pods;
using Suite.Runtime.Recovery;
using Suite.Runtime.Shims;
using Suite.Runtime.Solo;
using Suite.Runtime.Specs;
using Suite.Runtime.Statistics;
using Suite.Runtime.Store;
using Suite.Runtime.Streaming;
using Suite.Runtime.Streams;
using Suite.Runtime.Users;

namespace Suite.Runtime;

/// <summary>What suite-runtime is made of.</summary>
internal static class RuntimeParts
{
    public static void AddTo(SuiteHostBuilder host)
    {
        var services = host.Services;
        services.Configure<RuntimeOptions>(host.Configuration);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RuntimeOptions>>().Value);
        AddState(host);
        AddPeers(services);
        AddUseCases(services);
        StreamingParts.AddTo(host);

        services.AddSingleton(provider => new ShimLauncher(new ShimLauncherOptions { Spares = provider.GetRequiredService<RuntimeOptions>().SpareShims }));
        services.AddSingleton<PodShims>();
        services.AddHostedService<LeaveNothing>();
        services.AddHostedService<ExitPump>();
        services.AddHostedService<Janitor>();
        SoloParts.AddTo(services);
        services.AddSingleton<OrphanRoots>().AddSingleton<Recover>();
        host.BeforeListening(static async (provider, cancellationToken) =>
        {
            provider.GetRequiredService<RuntimeHandlers>().Check();
            await provider.GetRequiredService<Recover>().RunAsync(cancellationToken).ConfigureAwait(false);
            provider.GetRequiredService<ShimLauncher>().Warm();
        });

        host.MapGrpc<RuntimeEndpoint>().MapGrpc<ImageEndpoint>().MapGrpc<ContainersEndpoint>().MapGrpc<VolumesEndpoint>();
    }

    private static void AddState(SuiteHostBuilder host)
    {
        var database = Path.Combine(host.StateDirectory, "runtime.db");
        host.Services.AddSingleton(_ => GraphDatabase.Open(database));
        host.Services.AddSingleton<Inventory>();
        host.Services.AddSingleton<KeyedLocks>();
        host.Services.AddSingleton<ExitWaits>();
        host.Services.AddSingleton<ContainerEvents>();
        host.Services.AddSingleton<PodPlaces>();
        host.Services.AddSingleton(_ => CgroupHost.Detect());
    }

    private static void AddPeers(IServiceCollection services)
    {
        services.AddSingleton<PeerChannels>();
        services.AddSingleton(provider => new ImagePeer(new Graph.V1.Graph.GraphClient(provider.GetRequiredService<PeerChannels>().Image.Invoker)));
        services.AddSingleton(provider => new ImageService.ImageServiceClient(provider.GetRequiredService<PeerChannels>().Image.Invoker));
        services.AddSingleton(provider => new NetworkPeer(
            new Network.V1.Network.NetworkClient(provider.GetRequiredService<PeerChannels>().Network.Invoker), provider.GetRequiredService<Inventory>()));
    }

    private static void AddUseCases(IServiceCollection services)
    {
        services.AddSingleton<ImageAccounts>().AddSingleton<ImageVolumes>().AddSingleton<CdiFolders>().AddSingleton<PlannedStarts>().AddSingleton<ContainerPlanner>();
        services.AddSingleton<AskFeatures>().AddSingleton<RuntimeHandlers>();
        services.AddSingleton<SandboxSetup>().AddSingleton<SandboxTeardown>();
        services.AddSingleton<RunPodSandbox>().AddSingleton<StopPodSandbox>().AddSingleton<RemovePodSandbox>();
        services.AddSingleton<CreateContainer>().AddSingleton<StartContainer>().AddSingleton<StopContainer>();
        services.AddSingleton<KillContainer>().AddSingleton<RemoveContainer>().AddSingleton<RecordExit>();
        services.AddSingleton<ExecProcess>().AddSingleton<ExecSync>().AddSingleton<ReopenLog>();
        services.AddSingleton<CreateSolo>().AddSingleton<StartSolo>().AddSingleton<RemoveSolo>().AddSingleton<EndSolo>();
        services.AddSingleton<PendingAttachments>().AddSingleton<AttachCall>().AddSingleton<ExecCall>().AddSingleton<FollowLogs>();
        services.AddSingleton<CpuRates>().AddSingleton<WritableLayers>().AddSingleton<UsageHistory>().AddSingleton<UsageReader>();
        services.AddSingleton<SampleContainers>().AddSingleton<SamplePods>().AddSingleton<ReadPodMetrics>().AddSingleton<StatisticsAnswers>();
        services.AddSingleton<UpdateResources>().AddSingleton<UpdatePodResources>().AddSingleton<ResourcesInForce>().AddSingleton<VerboseInfo>().AddSingleton<Statuses>();
        services.AddSingleton<RuntimeHealth>().AddSingleton<HostFacts>().AddSingleton<EventFeed>();
    }
}
