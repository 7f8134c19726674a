using Suite.Oci.References;

namespace Suite.Image.Builds;

/// <summary>What a caller asks of a build.</summary>
internal sealed record BuildOptions(
    IReadOnlyList<Reference> Tags, string Dockerfile, IReadOnlyDictionary<string, string> Args, IReadOnlyDictionary<string, string> Labels);

/// <summary>One step begun.</summary>
internal sealed record BuildProgress(int Index, int Count, Instruction Instruction);
