using System.Text.Json;
using System.Text.Json.Serialization;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Volumes;

namespace Suite.Runtime.Store;

/// <summary>How records are written into the database. Fields may be added; a record without them reads as the default.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(Volume))]
internal sealed partial class RecordJson : JsonSerializerContext;
