using Suite.Cli.Output;
using Suite.Graph.V1;

namespace Suite.Cli.Inspection;

/// <summary>An image as `inspect` prints it.</summary>
internal sealed record ImageDocument(
    string Id,
    IReadOnlyList<string> RepoTags,
    IReadOnlyList<string> RepoDigests,
    string Created,
    string Author,
    string Architecture,
    string Os,
    ulong Size,
    ImageSettings Config,
    ImageLayers RootFS)
{
    public static ImageDocument From(ImageInfo image) => new(
        image.Id,
        [.. image.Tags.Select(ImageNames.Familiar)],
        [.. image.Digests.Select(ImageNames.Familiar)],
        Timestamps.Rfc3339(image.CreatedAt),
        image.Author,
        image.Architecture,
        image.Os,
        image.Size,
        ImageSettings.From(image.Config ?? new ImageConfig()),
        new ImageLayers("layers", [.. image.DiffIds]));
}

internal sealed record ImageLayers(string Type, IReadOnlyList<string> Layers);

internal sealed record ImageSettings(
    string User,
    IReadOnlyList<string> Env,
    IReadOnlyList<string> Entrypoint,
    IReadOnlyList<string> Cmd,
    string WorkingDir,
    IReadOnlyDictionary<string, Nothing> ExposedPorts,
    IReadOnlyDictionary<string, Nothing> Volumes,
    IReadOnlyDictionary<string, string> Labels,
    string StopSignal,
    ConfiguredHealth? Healthcheck)
{
    public static ImageSettings From(ImageConfig config) => new(
        config.User,
        [.. config.Env],
        [.. config.Entrypoint],
        [.. config.Cmd],
        config.WorkingDir,
        config.ExposedPorts.Distinct().ToDictionary(port => port, _ => new Nothing()),
        config.Volumes.Distinct().ToDictionary(path => path, _ => new Nothing()),
        new SortedDictionary<string, string>(config.Labels, StringComparer.Ordinal),
        config.StopSignal,
        ConfiguredHealth.From(config.HealthCheck));
}

/// <summary>{}: sets are written as maps to nothing, as Go has them.</summary>
internal sealed record Nothing;
