using System.Text.Json.Serialization;

namespace Suite.Cli.Inspection;

[JsonSerializable(typeof(ContainerDocument))]
[JsonSerializable(typeof(ImageDocument))]
[JsonSerializable(typeof(NetworkDocument))]
internal sealed partial class InspectionJson : JsonSerializerContext;
