using System.Runtime.CompilerServices;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Store;

namespace Suite.Runtime.Logs;

/// <summary>Which part of a log is wanted.</summary>
internal sealed record LogQuery(bool Follow, uint? Tail, long Since, long Until);

/// <summary>A container's log, and on as it grows if asked, until the container has ended.</summary>
internal sealed class FollowLogs(Inventory inventory, TimeProvider time)
{
    // The log of a busy container is found grown at each look, so this is the delay of a quiet one only.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(
        ContainerRecord container, LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (container.LogPath.Length == 0)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"container {container.Name} keeps no log");
        using var log = await OpenAsync(container, query.Follow, cancellationToken).ConfigureAwait(false);
        if (log is null)
            yield break;
        if (query.Tail is { } lines)
            log.SeekToTail(lines);
        while (true)
        {
            // Asked before the read: the log is complete when the end is known, so what is read then is all of it.
            var goesOn = query.Follow && GoesOn(container.Id);
            var entries = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (entries.Count > 0)
            {
                IReadOnlyList<LogLine> wanted = [.. entries.Where(entry => entry.Timestamp >= query.Since && (query.Until == 0 || entry.Timestamp < query.Until))];
                if (wanted.Count > 0)
                    yield return wanted;
                if (query.Until != 0 && entries[^1].Timestamp >= query.Until)
                    yield break;
            }
            else if (!goesOn)
                yield break;
            else
                await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<LogFile?> OpenAsync(ContainerRecord container, bool follow, CancellationToken cancellationToken)
    {
        while (true)
        {
            var goesOn = follow && GoesOn(container.Id);
            if (LogFile.Open(container.LogPath) is { } log)
                return log;
            if (!goesOn)
                return null;
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool GoesOn(string containerId) =>
        inventory.TryGetContainer(containerId, out var container) && container.State.MayHaveProcess();
}
