using System.Text.Json.Serialization;

namespace Suite.Cli.Inspection;

[JsonSourceGenerationOptions(WriteIndented = true, IndentSize = 4)]
[JsonSerializable(typeof(ContainerDocument))]
[JsonSerializable(typeof(ImageDocument))]
internal sealed partial class InspectionJson : JsonSerializerContext;
