namespace Suite.Runtime.Concurrency;

/// <summary>
/// Operations under way, by the key that makes them idempotent. A second caller joins the first one's operation instead of
/// starting another; the operation is cancelled when the last caller that waits for it has gone.
/// </summary>
internal sealed class InFlight<TResult>
{
    private readonly Lock _guard = new();
    private readonly Dictionary<string, Operation> _operations = [];

    public async Task<TResult> RunOrJoinAsync(
        string key, Func<CancellationToken, Task<TResult>> start, CancellationToken cancellationToken)
    {
        Operation operation;
        lock (_guard)
        {
            // An operation that its callers have left is being undone: it cannot be joined, only waited for.
            if (!_operations.TryGetValue(key, out operation!) || operation.Abandoned)
                _operations[key] = operation = new Operation(operation?.Task);
            operation.Callers++;
            operation.Task ??= Run(key, operation, start);
        }
        try
        {
            return await operation.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await LeaveAsync(operation).ConfigureAwait(false);
        }
    }

    private async Task<TResult> Run(string key, Operation operation, Func<CancellationToken, Task<TResult>> start)
    {
        await Task.Yield();
        try
        {
            if (operation.Before is { } before)
                await before.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                    .ConfigureAwait(false);
            return await start(operation.Cancellation.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_guard)
            {
                if (_operations.TryGetValue(key, out var current) && current == operation)
                    _operations.Remove(key);
            }
        }
    }

    private async Task LeaveAsync(Operation operation)
    {
        lock (_guard)
        {
            if (--operation.Callers > 0 || operation.Task!.IsCompleted)
                return;
            operation.Abandoned = true;
        }
        await operation.Cancellation.CancelAsync().ConfigureAwait(false);
        // The caller's answer says that nothing is left of its call, so it waits for the undo.
        await operation.Task.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default).ConfigureAwait(false);
    }

    private sealed class Operation(Task? before)
    {
        public Task? Before { get; } = before;

        public CancellationTokenSource Cancellation { get; } = new();

        public int Callers { get; set; }

        public bool Abandoned { get; set; }

        public Task<TResult>? Task { get; set; }
    }
}
