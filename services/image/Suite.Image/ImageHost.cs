using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Suite.Hosting;
using Suite.Image.Archives;
using Suite.Image.Blobs;
using Suite.Image.Builds;
using Suite.Image.Commits;
using Suite.Image.Endpoints;
using Suite.Image.Graph.Drivers;
using Suite.Image.Images;
using Suite.Image.Journals;
using Suite.Image.Layers;
using Suite.Image.Options;
using Suite.Image.Pulls;
using Suite.Image.Pushes;
using Suite.Image.Records;
using Suite.Image.Registries;
using Suite.Image.RootFilesystems;

namespace Suite.Image;

/// <summary>The parts of suite-image, from the disk up.</summary>
internal static class ImageHost
{
    public static void Compose(SuiteHostBuilder host)
    {
        host.Services.Configure<ImageOptions>(host.Configuration);
        var state = host.StateDirectory;
        host.Services
            .AddSingleton(s => GraphDriver.Open(
                state, s.GetRequiredService<IOptions<ImageOptions>>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<IGraphDriver>>()))
            .AddSingleton(s => new BlobStore(state, s.GetRequiredService<TimeProvider>()))
            .AddSingleton(_ => new ImageDatabase(Path.Combine(state, "image.db")))
            .AddSingleton<ImageJournal>()
            .AddSingleton<ShortNames>()
            .AddSingleton<PinnedImages>()
            .AddSingleton<LayerStore>()
            .AddSingleton<RootfsStore>()
            .AddSingleton<RegistryClient>()
            .AddSingleton<ImagePull>()
            .AddSingleton<Puller>()
            .AddSingleton<Pusher>()
            .AddSingleton<ImageTagging>()
            .AddSingleton<ImageRemoval>()
            .AddSingleton<LayerWriter>()
            .AddSingleton<ImageRecording>()
            .AddSingleton<ImageSave>()
            .AddSingleton<ImageLoad>()
            .AddSingleton<ImageImport>()
            .AddSingleton<ImageCommit>()
            .AddSingleton<ImagePruning>()
            .AddSingleton<ArchiveCalls>()
            .AddSingleton<DamageCheck>()
            .AddSingleton<Recovery>()
            .AddSingleton<FilesystemUsage>();
        BuildParts.AddTo(host.Services, state);
        host.BeforeListening((services, cancellationToken) =>
        {
            services.GetRequiredService<PinnedImages>(); // a name out of grammar in image.json is told now, not by the first call
            return services.GetRequiredService<Recovery>().RunAsync(cancellationToken);
        });
        host.MapGrpc<CriImageEndpoint>().MapGrpc<GraphEndpoint>().MapGrpc<ImagesEndpoint>();
    }
}
