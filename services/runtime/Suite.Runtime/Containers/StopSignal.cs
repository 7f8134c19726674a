namespace Suite.Runtime.Containers;

/// <summary>
/// Says the stop signal until a program has heard it. One that was started a moment ago may not have set up its handler, and as process 1
/// of its namespace it never hears of a signal without (pid_namespaces(7)): it is sent again when the handler is there.
/// </summary>
/// <param name="isDropped">Whether the kernel would drop the signal now.</param>
internal sealed class StopSignal(Func<bool> isDropped, Func<Task> send, TimeProvider time)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(500);

    /// <returns>Whether the program has ended within the grace.</returns>
    public async Task<bool> EndsAsync(Task end, TimeSpan grace, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        // Looked at before the signal is sent: the handler may come between the two, and the signal before it.
        var dropped = isDropped();
        await send().ConfigureAwait(false);
        for (var pause = FirstLook; dropped && time.GetElapsedTime(started) < grace; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LastLook.Ticks)))
        {
            if (await EndsWithinAsync(end, pause, time, cancellationToken).ConfigureAwait(false))
                return true;
            dropped = isDropped();
            if (!dropped)
                await send().ConfigureAwait(false);
        }
        var left = grace - time.GetElapsedTime(started);
        return await EndsWithinAsync(end, left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<bool> EndsWithinAsync(Task end, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await end.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
