using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Contexts;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Lints;
using Suite.Image.Builds.Outputs;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;
using Suite.Oci.Images;

namespace Suite.Image.Builds;

/// <summary>From a Dockerfile and a context to what the caller asked for: read, checked, planned, built a platform after the other, put out.</summary>
internal sealed class Builder(StageBuild stageBuild, ImageOutput images, BuildCache cache, TimeProvider time)
{
    /// <param name="archive">Where an output that is no image goes.</param>
    public async Task<BuildOutcome> BuildAsync(BuildContext context, BuildOptions options, IBuildReport report, Stream archive, CancellationToken cancellationToken)
    {
        var content = options.Content ?? await context.ReadDockerfileAsync(options.Dockerfile, cancellationToken).ConfigureAwait(false);
        var dockerfile = DockerfileParser.Parse(content);
        var sessions = new List<BuildSession>();
        try
        {
            foreach (var platform in options.Platforms) sessions.Add(Plan(dockerfile, context, options, platform, report));
            foreach (var warning in Linter.Check(dockerfile, sessions[0], options)) await report.WarnedAsync(warning).ConfigureAwait(false);
            if (options.Output == BuildOutput.Check) return new BuildOutcome(null, null);
            var built = new List<(BuildSession Session, StageState State)>();
            foreach (var session in sessions) built.Add((session, await new StageRuns(stageBuild, session).RunAsync(cancellationToken).ConfigureAwait(false)));
            var outcome = await images.PutAsync(built, options, archive, cancellationToken).ConfigureAwait(false);
            await cache.TouchAsync([.. sessions.SelectMany(s => s.Keys).Distinct()], cancellationToken).ConfigureAwait(false);
            return outcome;
        }
        finally
        {
            foreach (var session in sessions) session.Dispose();
        }
    }

    private BuildSession Plan(Dockerfile dockerfile, BuildContext context, BuildOptions options, Platform platform, IBuildReport report)
    {
        var scope = new GlobalScope(options.Args, platform, options.Target);
        var graph = new StageGraph(StageReader.Read(dockerfile, scope, platform), options.Target);
        return new BuildSession(options, platform, graph, scope, context, report, time);
    }
}

/// <summary>How a build ended.</summary>
/// <param name="Image">Null when none was recorded.</param>
/// <param name="Digest">Of the manifest or the index.</param>
internal sealed record BuildOutcome(Records.ImageRecord? Image, Oci.References.Digest? Digest);
