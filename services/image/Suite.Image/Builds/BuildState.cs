using Suite.Oci.Images;

namespace Suite.Image.Builds;

/// <summary>The image as far as it is built: what the next instruction starts from.</summary>
internal sealed class BuildState
{
    public const string ShellPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public ImageConfig? Base { get; set; }

    public ContainerConfig Config { get; set; } = new();

    public List<Records.LayerRecord> Layers { get; } = [];

    public List<HistoryEntry> History { get; } = [];

    public Dictionary<string, string> Args { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether this Dockerfile set CMD: else an ENTRYPOINT takes the base image's CMD away, as it was meant for another program.</summary>
    public bool CommandSet { get; set; }

    /// <summary>A variable as instructions see it: ENV goes before ARG.</summary>
    public string? Variable(string name)
    {
        var prefix = name + "=";
        return Config.Env?.LastOrDefault(e => e.StartsWith(prefix, StringComparison.Ordinal)) is { } set ? set[prefix.Length..] : Args.GetValueOrDefault(name);
    }

    public void SetVariable(string name, string value)
    {
        var prefix = name + "=";
        var env = (Config.Env ?? []).ToList();
        var at = env.FindIndex(e => e.StartsWith(prefix, StringComparison.Ordinal));
        if (at < 0) env.Add(prefix + value);
        else env[at] = prefix + value;
        Config = Config with { Env = env };
    }

    /// <summary>A path as an instruction means it: from the working directory unless absolute.</summary>
    public string Absolute(string path) => path.StartsWith('/') ? path : $"{(Config.WorkingDir is { Length: > 0 } w ? w : "/").TrimEnd('/')}/{path}";
}
