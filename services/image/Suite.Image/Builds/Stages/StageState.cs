using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Variables;
using Suite.Image.Records;
using Suite.Oci.Images;

namespace Suite.Image.Builds.Stages;

/// <summary>A stage as far as it is built: what its next instruction starts from.</summary>
internal sealed class StageState
{
    public const string ShellPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public ImageConfig? Base { get; set; }

    public Platform Platform { get; set; } = Platform.Current;

    public ContainerConfig Config { get; set; } = new();

    public List<LayerRecord> Layers { get; } = [];

    public List<HistoryEntry> History { get; } = [];

    public string? Author { get; set; }

    /// <summary>What instructions and commands see: ENV and ARG, the later one of a name.</summary>
    public OrderedDictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Arguments declared so far, whether they have a value or not: history tells them with every command.</summary>
    public OrderedDictionary<string, string?> Args { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether this stage set CMD: else an ENTRYPOINT takes the base image's CMD away, as it was meant for another program.</summary>
    public bool CommandSet { get; set; }

    /// <summary>Seconds since the epoch that no time of the image is after (reproducible-builds.org/specs/source-date-epoch).</summary>
    public long? Epoch { get; set; }

    /// <summary>When its last layer was made; null: it has none yet.</summary>
    public DateTimeOffset? Created { get; set; }

    public Expansion Expansion => new(Variables.GetValueOrDefault);

    /// <summary>What begins where another image ends.</summary>
    public static StageState On(ImageConfig? image)
    {
        var state = Of(image?.Config ?? new ContainerConfig { Env = image is null ? [ShellPath] : null });
        (state.Base, state.Author, state.Created) = (image, image?.Author, image?.Created);
        return state;
    }

    public static StageState Of(ContainerConfig config)
    {
        var state = new StageState { Config = config };
        foreach (var variable in config.Env ?? [])
            if (variable.IndexOf('=', StringComparison.Ordinal) is var at and > 0) state.Variables[variable[..at]] = variable[(at + 1)..];
        return state;
    }

    /// <summary>Where another stage goes on: with its arguments, too, as Docker documents it. Nothing of it is shared.</summary>
    public StageState Continue()
    {
        var next = Of(Config);
        (next.Base, next.Platform, next.Epoch, next.Author, next.Created) = (Base, Platform, Epoch, Author, Created);
        foreach (var (name, value) in Variables) next.Variables[name] = value;
        foreach (var (name, value) in Args) next.Args[name] = value;
        next.Layers.AddRange(Layers);
        next.History.AddRange(History);
        return next;
    }

    public void SetVariable(string name, string value)
    {
        var prefix = name + "=";
        var env = (Config.Env ?? []).ToList();
        var at = env.FindIndex(e => e.StartsWith(prefix, StringComparison.Ordinal));
        if (at < 0) env.Add(prefix + value);
        else env[at] = prefix + value;
        Config = Config with { Env = env };
        Variables[name] = value;
    }

    /// <summary>A path as an instruction means it: from the working directory unless absolute.</summary>
    public string Absolute(string path) => path.StartsWith('/') ? path : $"{(Config.WorkingDir is { Length: > 0 } w ? w : "/").TrimEnd('/')}/{path}";

    /// <summary>What the cache gave or a step made, on top of what is there.</summary>
    public void Take(CachedStep step)
    {
        Created = step.Created;
        if (step.Layer is { } layer) Layers.Add(layer.Lease.ToRecord(layer.Blob));
    }

    /// <param name="now">For what begins with nothing.</param>
    public void Record(string createdBy, bool layer, DateTimeOffset now) => History.Add(new HistoryEntry
    {
        Created = Epoch is { } epoch ? DateTimeOffset.FromUnixTimeSeconds(epoch) : Created ?? now, CreatedBy = createdBy, Comment = "buildkit.dockerfile.v0", EmptyLayer = layer ? null : true,
    });
}
