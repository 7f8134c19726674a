using System.Text.Json.Serialization;

namespace Suite.Oci.Runtime;

/// <summary>Readers and writers of the runtime specification's JSON, generated when compiling.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Spec))]
[JsonSerializable(typeof(Process))]
[JsonSerializable(typeof(ContainerState))]
[JsonSerializable(typeof(LinuxResources))]
public sealed partial class RuntimeJson : JsonSerializerContext;
