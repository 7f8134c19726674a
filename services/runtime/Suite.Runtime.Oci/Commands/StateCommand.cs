using System.Text.Json;
using System.Text.Json.Serialization;
using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Containers;
using Suite.Runtime.Oci.Outputs;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Prints the state as the specification has it, with the root file system and the time that runc adds.</summary>
internal static class StateCommand
{
    public static Command Describe() => new("state", OptionNames.None, Run);

    private static int Run(Session session, Options options)
    {
        var shown = ShownState.Of(session.Root.Find(options.OnlyId()));
        Output.Line(JsonSerializer.Serialize(shown, ShownStateJson.Default.ShownState));
        return 0;
    }
}

/// <summary>What state and list show of a container.</summary>
internal sealed record ShownState(
    string OciVersion, string Id, int Pid, string Status, string Bundle, string Rootfs, DateTimeOffset Created,
    IReadOnlyDictionary<string, string>? Annotations, string Owner)
{
    public static ShownState Of(Container container)
    {
        var state = container.State();
        var record = container.Record;
        return new ShownState(state.OciVersion, state.Id, state.Pid ?? 0, state.Status, state.Bundle, record.Rootfs, record.Created, state.Annotations, "root");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(ShownState))]
[JsonSerializable(typeof(IReadOnlyList<ShownState>))]
internal sealed partial class ShownStateJson : JsonSerializerContext;
