using Suite.Linux.Errors;

namespace Suite.Runtime.Concurrency;

/// <summary>
/// What has to be taken back when a later step fails, newest first. Each undo runs even if one before it failed, and none
/// listens to the caller's cancellation: that is what they are for.
/// </summary>
internal sealed class UndoStack
{
    private readonly Stack<(string Step, Func<Task> Undo)> _steps = new();

    public void Push(string step, Func<Task> undo) => _steps.Push((step, undo));

    /// <summary>Nothing to take back: the whole thing stands.</summary>
    public void Commit() => _steps.Clear();

    /// <returns>What could not be taken back, one sentence each; recovery has another try at the next start.</returns>
    public async Task<IReadOnlyList<string>> UndoAsync()
    {
        List<string>? failures = null;
        while (_steps.TryPop(out var entry))
        {
            try
            {
                await entry.Undo().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is SuiteException or IOException or UnauthorizedAccessException)
            {
                (failures ??= []).Add($"{entry.Step}: {failure.Message}");
            }
        }
        return failures ?? [];
    }
}
