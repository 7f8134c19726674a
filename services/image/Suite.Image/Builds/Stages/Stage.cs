using Suite.Image.Builds.Dockerfiles;
using Suite.Oci.Images;

namespace Suite.Image.Builds.Stages;

/// <summary>One stage of a Dockerfile: its FROM and what follows.</summary>
/// <param name="Name">In small letters; empty: it has none.</param>
/// <param name="Base">An image's name, or "scratch".</param>
/// <param name="BaseStage">The earlier stage that it goes on from, in the place of an image.</param>
internal sealed record Stage(int Index, string Name, Instruction From, string Base, Stage? BaseStage, Platform Platform, IReadOnlyList<Instruction> Instructions)
{
    /// <summary>For people.</summary>
    public string Title => Name.Length > 0 ? Name : $"stage-{Index}";
}
