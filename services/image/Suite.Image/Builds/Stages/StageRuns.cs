namespace Suite.Image.Builds.Stages;

/// <summary>The stages of one build under way: each is built once, those that need none of each other at the same time.</summary>
internal sealed class StageRuns(StageBuild build, BuildSession session)
{
    private readonly Dictionary<int, Task<StageState>> _runs = [];

    public async Task<StageState> RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var stage in session.Graph.Needed) _ = Begin(stage, ending);
        var failures = new List<Exception>();
        var seen = new HashSet<Task>();
        for (var waiting = Running(seen); waiting.Count > 0; waiting = Running(seen))
        {
            var ended = await Task.WhenAny(waiting).ConfigureAwait(false);
            seen.Add(ended);
            if (ended.IsCompletedSuccessfully) continue;
            // The first one that failed is what the caller has to know; the others end because of it.
            if (ended.Exception?.InnerException is { } failure) failures.Add(failure);
            await ending.CancelAsync().ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (failures.Find(f => f is not OperationCanceledException) is { } first) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        return await Begin(session.Graph.Target, ending).ConfigureAwait(false);
    }

    private List<Task<StageState>> Running(HashSet<Task> seen)
    {
        lock (_runs) return [.. _runs.Values.Where(r => !seen.Contains(r))];
    }

    private Task<StageState> Begin(Stage stage, CancellationTokenSource ending)
    {
        lock (_runs)
        {
            if (_runs.TryGetValue(stage.Index, out var running)) return running;
            return _runs[stage.Index] = Task.Run(() => build.RunAsync(session, stage, other => Begin(other, ending), ending.Token), CancellationToken.None);
        }
    }
}
