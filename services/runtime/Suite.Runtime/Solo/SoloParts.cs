using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Suite.Runtime.Containers;
using Suite.Runtime.Copies;
using Suite.Runtime.Health;
using Suite.Runtime.Journals;
using Suite.Runtime.Processes;
using Suite.Runtime.Restarts;
using Suite.Runtime.Statistics;
using Suite.Runtime.Volumes;

namespace Suite.Runtime.Solo;

/// <summary>What suite.container.v1 has beside what it shares with CRI.</summary>
internal static class SoloParts
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<Journal>().AddSingleton<PauseContainer>().AddSingleton<RenameContainer>().AddSingleton<WaitForEnd>();
        services.AddSingleton<StopSolo>().AddSingleton<UpdateSolo>().AddSingleton<PruneContainers>().AddSingleton<LinkedContainers>().AddSingleton<SharedNamespaces>();
        services.AddSingleton<ImageWords>().AddSingleton<OwnProfile>().AddSingleton<PrivateUsers>();
        services.AddSingleton<ListProcesses>();
        services.AddSingleton<VolumeStore>().AddSingleton<VolumeFill>();
        services.AddSingleton<ContainerRoots>().AddSingleton<CopyOut>().AddSingleton<CopyIn>();
        services.AddTransient<WatchUsage>().AddSingleton<Func<WatchUsage>>(provider => provider.GetRequiredService<WatchUsage>);
        services.AddSingleton<RestartContainers>().AddSingleton<IHostedService>(provider => provider.GetRequiredService<RestartContainers>());
        services.AddSingleton<CheckHealth>().AddSingleton<IHostedService>(provider => provider.GetRequiredService<CheckHealth>());
    }
}
