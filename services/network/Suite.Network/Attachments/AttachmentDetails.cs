using System.Text.Json;
using System.Text.Json.Serialization;

namespace Suite.Network.Attachments;

/// <summary>The contents of a resolv.conf.</summary>
internal sealed record DnsSettings(IReadOnlyList<string> Servers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options)
{
    public static readonly DnsSettings None = new([], [], []);

    public bool IsEmpty => Servers.Count == 0 && Searches.Count == 0 && Options.Count == 0;

    public override string ToString() => $"{string.Join(',', Servers)} {string.Join(',', Searches)} {string.Join(',', Options)}";
}

/// <summary>Another sandbox, and the name by which this one calls it.</summary>
internal sealed record SandboxAlias(string Sandbox, string Alias);

/// <summary>What plugins of CNI want to know about a pod.</summary>
internal sealed record PodFacts(
    string Namespace, string Name, string Uid, IReadOnlyDictionary<string, string> Annotations, string CgroupPath);

/// <summary>What a chain of plugins gave: the parts of its result that others ask for.</summary>
/// <param name="Done">False until the chain has ended well: its plugins must still be told to take everything back.</param>
internal sealed record PluginNetwork(
    string Network, string Interface, bool Done, IReadOnlyList<string> Addresses, IReadOnlyList<string> Gateways, string Mac, DnsSettings Dns);

/// <summary>The part of an attachment's record that nothing is looked up by.</summary>
/// <param name="SharedWith">The sandbox whose namespace this one uses; empty: its own.</param>
internal sealed record AttachmentDetails
{
    public static readonly AttachmentDetails None = new();

    public string SharedWith { get; init; } = "";

    public DnsSettings Dns { get; init; } = DnsSettings.None;

    public IReadOnlyList<SandboxAlias> Links { get; init; } = [];

    public PodFacts? Pod { get; init; }

    public PluginNetwork? Plugins { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, DetailsJson.Default.AttachmentDetails);

    public static AttachmentDetails Parse(string json) => JsonSerializer.Deserialize(json, DetailsJson.Default.AttachmentDetails) ?? None;
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AttachmentDetails))]
internal sealed partial class DetailsJson : JsonSerializerContext;
