using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Contexts;
using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Git;
using Suite.Image.Builds.Instructions;
using Suite.Image.Builds.Outputs;
using Suite.Image.Builds.Runs;
using Suite.Image.Builds.Stages;
using Suite.Image.Endpoints;
using Suite.Image.Options;

namespace Suite.Image.Builds;

/// <summary>What builds are made of.</summary>
internal static class BuildParts
{
    public static void AddTo(IServiceCollection services, string state)
    {
        var folder = Path.Combine(state, "builds");
        services
            .AddSingleton(s => new ContextStore(folder, s.GetRequiredService<TimeProvider>()))
            .AddSingleton(s => new CacheMounts(folder, s.GetRequiredService<TimeProvider>()))
            .AddSingleton<BuildFolders>()
            .AddSingleton<BuildRecovery>()
            .AddSingleton<BuildCache>()
            .AddSingleton<CachePruning>()
            .AddHostedService(s => s.GetRequiredService<CachePruning>())
            .AddSingleton<RuntimePeer>()
            .AddSingleton<RunContainers>()
            .AddSingleton<LeftContainers>()
            .AddHostedService(s => s.GetRequiredService<LeftContainers>())
            .AddSingleton<BuildRoots>()
            .AddSingleton<RunMounts>()
            .AddSingleton<AddedUrl>()
            .AddSingleton(s => new GitProgram(Path.Combine(state, "known_hosts"), TimeSpan.FromSeconds(s.GetRequiredService<IOptions<ImageOptions>>().Value.Builds.GitTimeout)))
            .AddSingleton<GitCheckout>()
            .AddSingleton<BaseImages>()
            .AddSingleton<CopySources>()
            .AddSingleton<CopyInstruction>()
            .AddSingleton<RunInstruction>()
            .AddSingleton<WorkdirInstruction>()
            .AddSingleton<StageBuild>()
            .AddSingleton<ImageIndexes>()
            .AddSingleton<ImageOutput>()
            .AddSingleton<Builder>()
            .AddSingleton<BuildCall>();
    }
}
