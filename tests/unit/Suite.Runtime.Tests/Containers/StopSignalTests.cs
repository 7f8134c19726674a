using Suite.Runtime.Containers;

namespace Suite.Runtime.Tests.Containers;

public sealed class StopSignalTests
{
    // Longer than any test runs: who waits for it is seen.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_that_comes_just_after_a_signal_was_dropped_gets_another()
    {
        var program = new Process1();
        var stop = new StopSignal(program.IsDropped, () =>
        {
            program.Receive();
            program.Handles = true;
            return Task.CompletedTask;
        }, TimeProvider.System);
        Assert.True(await stop.EndsAsync(program.End, Grace, Token).WaitAsync(Patience, Token));
        Assert.Equal(2, program.Sent);
    }

    [Fact]
    public async Task A_handler_that_comes_between_the_look_and_the_signal_hears_it_and_no_other()
    {
        var program = new Process1();
        var stop = new StopSignal(program.IsDropped, () =>
        {
            program.Handles = true;
            program.Receive();
            return Task.CompletedTask;
        }, TimeProvider.System);
        Assert.True(await stop.EndsAsync(program.End, Grace, Token).WaitAsync(Patience, Token));
        Assert.Equal(1, program.Sent);
    }

    [Fact]
    public async Task A_handler_that_is_late_is_waited_for()
    {
        var program = new Process1();
        var looks = 0;
        var stop = new StopSignal(() =>
        {
            program.Handles = ++looks == 4;
            return program.IsDropped();
        }, Send(program), TimeProvider.System);
        Assert.True(await stop.EndsAsync(program.End, Grace, Token).WaitAsync(Patience, Token));
        Assert.Equal(2, program.Sent);
    }

    [Fact]
    public async Task A_program_that_hears_and_takes_its_time_is_told_once()
    {
        var program = new Process1 { Handles = true, Deaf = true };
        Assert.False(await new StopSignal(program.IsDropped, Send(program), TimeProvider.System).EndsAsync(program.End, TimeSpan.FromMilliseconds(100), Token));
        Assert.Equal(1, program.Sent);
    }

    [Fact]
    public async Task One_that_never_has_a_handler_has_its_grace_and_no_more()
    {
        var program = new Process1();
        Assert.False(await new StopSignal(program.IsDropped, Send(program), TimeProvider.System).EndsAsync(program.End, TimeSpan.FromMilliseconds(50), Token));
        Assert.Equal(1, program.Sent);
    }

    private static Func<Task> Send(Process1 program) => () =>
    {
        program.Receive();
        return Task.CompletedTask;
    };

    /// <summary>Process 1 of a pid namespace, as the kernel treats it: a signal that it has no handler for never reaches it.</summary>
    private sealed class Process1
    {
        private readonly TaskCompletionSource _end = new();

        public Task End => _end.Task;

        public bool Handles { get; set; }

        /// <summary>Its handler is there, and does not end it.</summary>
        public bool Deaf { get; init; }

        public int Sent { get; private set; }

        public bool IsDropped() => !Handles;

        public void Receive()
        {
            Sent++;
            if (Handles && !Deaf)
                _end.TrySetResult();
        }
    }
}
