using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Contexts;
using Suite.Image.Builds.Variables;
using Suite.Image.Layers;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Builds.Stages;

/// <summary>One build for one platform: what its stages share. Disposing it lets go of all layers that it held.</summary>
internal sealed class BuildSession(BuildOptions options, Platform platform, StageGraph graph, GlobalScope scope, BuildContext context, IBuildReport report, TimeProvider time)
    : IDisposable
{
    private readonly List<IDisposable> _held = [];
    private readonly HashSet<Digest> _keys = [];
    private readonly Dictionary<string, WrittenLayer> _layers = [];
    private readonly Dictionary<int, int> _firstSteps = First(graph);

    public BuildOptions Options => options;

    public Platform Platform => platform;

    public StageGraph Graph => graph;

    public GlobalScope Scope => scope;

    public BuildContext Context => context;

    public IBuildReport Report => report;

    public DateTimeOffset Created => options.Epoch is { } epoch ? DateTimeOffset.FromUnixTimeSeconds(epoch) : time.GetUtcNow();

    /// <summary>Keys of steps that were found or made: they count as used.</summary>
    public IReadOnlyCollection<Digest> Keys
    {
        get
        {
            lock (_held) return [.. _keys];
        }
    }

    public BuildStep Step(Stage stage, int at, int line, string text) => new(
        _firstSteps.GetValueOrDefault(stage.Index, 1) + at, graph.Needed.Sum(s => s.Instructions.Count(Counts) + 1),
        options.Platforms.Count > 1 ? $"{platform} {stage.Title}" : stage.Title, line, text);

    /// <summary>What holds something until the build has ended.</summary>
    public void Keep(IDisposable hold)
    {
        lock (_held) _held.Add(hold);
    }

    public void Keep(CachedStep step, IReadOnlyList<Digest> keys)
    {
        lock (_held)
        {
            _keys.UnionWith(keys);
            if (step.Layer is null) return;
            _held.Add(step.Layer);
            _layers[step.Layer.Lease.Id] = step.Layer;
        }
    }

    /// <summary>The layers of an image that this build made or took from the cache: whoever records it writes them to the disk first.</summary>
    public IReadOnlyList<WrittenLayer> Made(IEnumerable<Records.LayerRecord> layers)
    {
        lock (_held) return [.. layers.Select(l => _layers.GetValueOrDefault(l.DriverId)).OfType<WrittenLayer>().Distinct()];
    }

    public void Dispose()
    {
        lock (_held)
        {
            foreach (var hold in _held) hold.Dispose();
            _held.Clear();
        }
    }

    /// <summary>An ARG does nothing by itself.</summary>
    private static bool Counts(Dockerfiles.Instruction i) => i.Keyword != "ARG";

    private static Dictionary<int, int> First(StageGraph graph)
    {
        var first = new Dictionary<int, int>();
        var next = 1;
        foreach (var stage in graph.Needed)
        {
            first[stage.Index] = next;
            next += stage.Instructions.Count(Counts) + 1;
        }

        return first;
    }
}
