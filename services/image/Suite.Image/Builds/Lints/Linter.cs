using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Stages;

namespace Suite.Image.Builds.Lints;

/// <summary>What BuildKit's linter warns of, under its names.</summary>
internal static class Linter
{
    public static IReadOnlyList<BuildWarning> Check(Dockerfile dockerfile, BuildSession session, BuildOptions options) => [];
}
