using System.Text.Json.Serialization;

namespace Suite.Cli.Inspection;

[JsonSourceGenerationOptions(WriteIndented = true, IndentSize = 4)]
[JsonSerializable(typeof(ContainerDocument))]
[JsonSerializable(typeof(ImageDocument))]
[JsonSerializable(typeof(NetworkDocument))]
internal sealed partial class InspectionJson : JsonSerializerContext;
