using Suite.Runtime.Concurrency;

namespace Suite.Runtime.Tests.Concurrency;

public sealed class InFlightTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_caller_joins_the_first()
    {
        var flights = new InFlight<int>();
        var gate = new TaskCompletionSource<int>();
        var starts = 0;
        var first = flights.RunOrJoinAsync("k", _ => { starts++; return gate.Task; }, Token);
        var second = flights.RunOrJoinAsync("k", _ => { starts++; return gate.Task; }, Token);
        gate.SetResult(7);
        var both = await Task.WhenAll(first, second);
        Assert.Equal([7, 7], both);
        Assert.Equal(1, starts);
    }

    [Fact]
    public async Task One_caller_that_goes_does_not_end_the_others_operation()
    {
        var flights = new InFlight<int>();
        var gate = new TaskCompletionSource<int>();
        using var impatient = new CancellationTokenSource();
        var first = flights.RunOrJoinAsync("k", token => gate.Task.WaitAsync(token), impatient.Token);
        var second = flights.RunOrJoinAsync("k", _ => throw new InvalidOperationException(), Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult(1);
        Assert.Equal(1, await second);
    }

    [Fact]
    public async Task The_last_caller_that_goes_ends_it_and_waits_for_its_undo()
    {
        var flights = new InFlight<int>();
        var undone = false;
        using var impatient = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var call = flights.RunOrJoinAsync("k", async token =>
        {
            try
            {
                started.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return 0;
            }
            finally
            {
                await Task.Delay(20, CancellationToken.None);
                undone = true;
            }
        }, impatient.Token);
        await started.Task.WaitAsync(Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(undone);
        Assert.Equal(5, await flights.RunOrJoinAsync("k", _ => Task.FromResult(5), Token));
    }

    [Fact]
    public async Task A_failure_reaches_all_who_joined_and_the_next_call_starts_anew()
    {
        var flights = new InFlight<int>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => flights.RunOrJoinAsync("k", _ => throw new InvalidOperationException(), Token));
        Assert.Equal(2, await flights.RunOrJoinAsync("k", _ => Task.FromResult(2), Token));
    }

    [Fact]
    public async Task A_lock_exists_only_while_it_is_used()
    {
        var locks = new KeyedLocks();
        using (await locks.AcquireAsync("a", Token))
        {
            using var impatient = new CancellationTokenSource(20);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await locks.AcquireAsync("a", impatient.Token));
            Assert.Equal(1, locks.Count);
        }
        Assert.Equal(0, locks.Count);
    }
}
