using Suite.Linux.Errors;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Specs;

namespace Suite.Runtime.Containers;

/// <summary>What a process said and how it ended.</summary>
internal sealed record ExecOutcome(ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Error, int ExitCode);

/// <summary>Runs a process in a container to its end, and keeps what it said, up to a limit.</summary>
internal sealed class ExecSync(ExecProcess exec, TimeProvider time)
{
    // A process may leave a child that holds its output open: after its end, this is how long the rest is waited for.
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);

    /// <param name="container">A running one.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="limit">Zero: none. When it runs out, the process is killed, and nothing else of the container.</param>
    public async Task<ExecOutcome> RunAsync(
        ContainerRecord container, IReadOnlyList<string> command, TimeSpan limit, CancellationToken cancellationToken)
    {
        await using var session = await exec.StartAsync(container, new ProcessRequest(command), new ExecStreams(), cancellationToken).ConfigureAwait(false);
        var budget = new OutputBudget();
        var output = new BoundedOutput(session.Output, budget);
        var error = new BoundedOutput(session.Error, budget);
        using var deadline = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var status = await session.Exited.WaitAsync(either.Token).ConfigureAwait(false);
            await DrainAsync(output, error).ConfigureAwait(false);
            return new ExecOutcome(output.Taken, error.Taken, status.Code);
        }
        catch (OperationCanceledException)
        {
            await exec.KillAsync(container, session).ConfigureAwait(false);
            if (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                throw new SuiteException(ErrorKind.DeadlineExceeded, $"{command[0]} in container {container.Name} did not end within {limit.TotalSeconds:0.###} s, and was killed");
            throw;
        }
    }

    private async Task DrainAsync(BoundedOutput output, BoundedOutput error)
    {
        try
        {
            await Task.WhenAll(output.End, error.End).WaitAsync(DrainPatience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What came until now is the answer.
        }
    }
}
