using System.Text.Json.Serialization;

namespace Suite.Image.RootFilesystems;

/// <summary>Labels are kept as a JSON object.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class LabelsJsonContext : JsonSerializerContext;
