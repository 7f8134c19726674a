using Suite.Image.Builds.Stages;
using Suite.Image.Records;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Builds.Outputs;

/// <summary>An image that was built and is not recorded yet.</summary>
internal sealed record BuiltImage(Platform Platform, byte[] Config, IReadOnlyList<LayerRecord> Layers)
{
    public Digest Id { get; } = Digest.Compute(Config);

    public static BuiltImage Of(BuildSession session, StageState state)
    {
        var labels = new SortedDictionary<string, string>((state.Config.Labels ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in session.Options.Labels) labels[name] = value;
        var platform = state.Platform;
        var config = new ImageConfig
        {
            Created = state.Epoch is { } epoch ? DateTimeOffset.FromUnixTimeSeconds(epoch) : state.Created ?? session.Created,
            Author = state.Author,
            Architecture = platform.Architecture,
            Os = platform.Os,
            Variant = state.Base is null ? platform.Variant : state.Base.Variant ?? platform.Variant,
            Config = state.Config with { Labels = labels.Count > 0 ? labels : null },
            Rootfs = new RootFs { Type = "layers", DiffIds = [.. state.Layers.Select(l => l.DiffId)] },
            History = [.. state.History.Select(h => state.Epoch is { } at && h.Created > DateTimeOffset.FromUnixTimeSeconds(at) ? h with { Created = DateTimeOffset.FromUnixTimeSeconds(at) } : h)],
            Others = state.Base?.Others,
        };
        return new BuiltImage(platform, config.ToJson(), [.. state.Layers]);
    }
}
