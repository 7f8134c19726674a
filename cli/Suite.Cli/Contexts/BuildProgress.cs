using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Contexts;

/// <summary>Shows a build under way.</summary>
internal abstract class BuildProgress : IDisposable
{
    /// <param name="how">"auto", "plain", "tty" or "quiet".</param>
    public static BuildProgress For(Session session, string how) => how switch
    {
        "quiet" => new Silent(),
        "plain" => new PlainBuildProgress(session.Error, session.Time),
        "tty" => Drawn(session),
        "auto" => session.CanRedraw ? Drawn(session) : new PlainBuildProgress(session.Error, session.Time),
        _ => throw new SuiteException(ErrorKind.InvalidArgument, $"--progress {how} is not known: auto, plain, tty and quiet are"),
    };

    public abstract void Step(BuildStep step);

    public abstract void Print(BuildOutput output);

    /// <summary>Once the build has ended: what it warned of, and where it failed.</summary>
    public virtual void End(IReadOnlyList<BuildWarning> warnings)
    {
    }

    public virtual void Dispose()
    {
    }

    private static TerminalBuildProgress Drawn(Session session) => new(session.Error, session.Time, session.HasColours);

    /// <summary>"build 2/5": among the steps of all stages.</summary>
    protected static string Place(BuildStep step) => $"{step.Stage} {step.Index}/{step.Count}";

    private sealed class Silent : BuildProgress
    {
        public override void Step(BuildStep step)
        {
        }

        public override void Print(BuildOutput output)
        {
        }
    }
}
