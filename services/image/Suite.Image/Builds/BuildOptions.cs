using Suite.Image.Builds.Agents;
using Suite.Image.Registries;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Builds;

/// <summary>What a caller asks of a build.</summary>
internal sealed record BuildOptions
{
    public IReadOnlyList<Reference> Tags { get; init; } = [];

    /// <summary>Path in the context.</summary>
    public string Dockerfile { get; init; } = "Dockerfile";

    /// <summary>The Dockerfile itself; null: it is read from the context.</summary>
    public byte[]? Content { get; init; }

    public IReadOnlyDictionary<string, string> Args { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>A stage's name or number; empty: the last one.</summary>
    public string Target { get; init; } = "";

    public bool NoCache { get; init; }

    /// <summary>Base images are asked for at their registries even when they are here.</summary>
    public bool Pull { get; init; }

    public IReadOnlyList<Platform> Platforms { get; init; } = [Platform.Current];

    public IReadOnlyDictionary<string, byte[]> Secrets { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>For a registry and the name that was written.</summary>
    public Func<Reference, string, Credentials> Credentials { get; init; } = static (_, _) => Registries.Credentials.Anonymous;

    /// <summary>What commands may ask for beyond the usual: network.host, security.insecure.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>For commands that do not say: default, none or host.</summary>
    public string Network { get; init; } = "default";

    /// <summary>What the context leaves out, as .dockerignore says it.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    public BuildOutput Output { get; init; } = BuildOutput.Image;

    public bool Push { get; init; }

    /// <summary>Lent by the caller.</summary>
    public CallerAgents Agents { get; init; } = CallerAgents.None;

    public long? Epoch => Args.TryGetValue("SOURCE_DATE_EPOCH", out var text) && long.TryParse(text, out var seconds) ? seconds : null;
}

/// <summary>What a build makes.</summary>
internal enum BuildOutput
{
    Image,
    Oci,
    Docker,
    Tree,

    /// <summary>Nothing but the cache.</summary>
    None,

    /// <summary>Warnings alone: nothing is built.</summary>
    Check,
}
