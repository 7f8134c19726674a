namespace Suite.Image.RootFilesystems;

/// <summary>A root file system as it is stored.</summary>
/// <param name="Created">Nanoseconds since the epoch.</param>
internal sealed record RootfsRecord(string Key, string Image, IReadOnlyDictionary<string, string> Labels, long Created);
