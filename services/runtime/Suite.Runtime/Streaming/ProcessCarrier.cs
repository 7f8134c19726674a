using System.IO.Pipelines;
using Suite.Linux.Errors;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Streams;

namespace Suite.Runtime.Streaming;

/// <summary>Carries bytes between a process's streams and a remote client's, in both directions.</summary>
internal static class ProcessCarrier
{
    /// <summary>Output that the client did not ask for is read and dropped.</summary>
    public static OutputPump OutputTo(RemoteStreams remote, WantedStreams wanted, TimeProvider time) => new(
        (isError, data, token) => (isError ? wanted.Error : wanted.Output) ? remote.WriteAsync(isError, data, token) : Task.CompletedTask, time);

    /// <summary>Until the client ends its input or the process takes no more. Then <paramref name="end"/> is done, whichever it was.</summary>
    public static async Task CarryInputAsync(PipeReader? from, Stream? to, Func<Task> end, CancellationToken cancellationToken)
    {
        if (from is null)
            return;
        try
        {
            while (to is not null)
            {
                var read = await from.ReadAsync(cancellationToken).ConfigureAwait(false);
                foreach (var part in read.Buffer)
                    await to.WriteAsync(part, cancellationToken).ConfigureAwait(false);
                from.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
            await end().ConfigureAwait(false);
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or ObjectDisposedException or SuiteException)
        {
            // The process reads no longer, or all is over: the output's side says how it ended.
        }
        finally
        {
            // What still comes is dropped, so that sizes behind it get through.
            await from.CompleteAsync().ConfigureAwait(false);
        }
    }

    public static async Task CarrySizesAsync(PipeReader? from, Func<TerminalSize, Task> resize, CancellationToken cancellationToken)
    {
        if (from is null)
            return;
        try
        {
            await foreach (var size in WindowSizes.ReadAsync(from, cancellationToken).ConfigureAwait(false))
                await resize(size).ConfigureAwait(false);
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or SuiteException)
        {
            // A size that comes too late is of no use to anybody.
        }
        finally
        {
            await from.CompleteAsync().ConfigureAwait(false);
        }
    }
}
