using System.Text.Json;
using System.Text.Json.Serialization;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Volumes;

namespace Suite.Runtime.Store;

/// <summary>
/// How records are written into the database. Fields may be added. In a record of before they are null or zero, whatever their
/// initializer says (dotnet/runtime#84484): the getter of a newer one says what null means.
/// </summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(Volume))]
internal sealed partial class RecordJson : JsonSerializerContext;
