using Suite.Graph.V1;

namespace Suite.Cli.Output;

/// <summary>Shows the blobs of a pull or push under way.</summary>
internal abstract class TransferProgress : IDisposable
{
    public static TransferProgress For(Session session, bool quiet) => quiet
        ? new SilentProgress()
        : session.CanRedraw ? new BarProgress(session.Error, session.Time) : new LineProgress(session.Error);

    /// <summary>The manifest is known.</summary>
    public abstract void Begin(Resolved resolved);

    public abstract void Report(BlobProgress blob);

    /// <summary>Leaves the last state on the screen.</summary>
    public virtual void Dispose()
    {
    }

    protected static string Word(BlobState state) => state switch
    {
        BlobState.Waiting => "Waiting",
        BlobState.Downloading => "Downloading",
        BlobState.Uploading => "Uploading",
        BlobState.Exists => "Already exists",
        BlobState.Done => "Done",
        _ => state.ToString(),
    };

    private sealed class SilentProgress : TransferProgress
    {
        public override void Begin(Resolved resolved)
        {
        }

        public override void Report(BlobProgress blob)
        {
        }
    }
}
