using System.Runtime.CompilerServices;
using Google.Protobuf;
using Suite.Cli.Output;
using Suite.Cli.Streams;
using Suite.Container.V1;

namespace Suite.Cli.Tests.Streams;

public sealed class ForegroundTests
{
    [Fact]
    public async Task A_process_that_speaks_before_its_start_is_answered_is_known_to_run()
    {
        var start = new TaskCompletionSource<bool>();
        var running = new TaskCompletionSource();
        using var process = new EarlySpeaker(running.Task, start);
        using var output = new MemoryStream();

        var exitCode = await new Foreground(new StandardStreams(System.IO.Stream.Null, output, System.IO.Stream.Null), process, stdin: false, tty: false)
            .RunAsync(_ => start.Task, () => running.TrySetResult(), TestContext.Current.CancellationToken);

        Assert.Equal((7, "ready\n"), (exitCode!.Value, System.Text.Encoding.UTF8.GetString(output.ToArray())));
    }

    [Fact]
    public async Task What_ends_with_its_call_is_told_that_a_person_leaves()
    {
        using var process = new Leavable();
        using var keyboard = new MemoryStream("ls\n"u8.ToArray());
        var foreground = new Foreground(new StandardStreams(keyboard, System.IO.Stream.Null, System.IO.Stream.Null), process, stdin: true, tty: false);
        Assert.Null(await foreground.RunAsync(_ => Task.FromResult(true), null, TestContext.Current.CancellationToken));
        Assert.False(foreground.Detached); // a pipe has no keys
        Assert.True(await process.TryLeaveAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["ls\n", "leave"], process.Written);
    }

    private sealed class Leavable : ProcessStreams
    {
        public List<string> Written { get; } = [];

        public override async IAsyncEnumerable<ProcessEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new ProcessEvent(Ready: true, null, null);
            while (Written.Count == 0)
                await Task.Delay(10, cancellationToken);
        }

        protected override Task WriteInputAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
        {
            Written.Add(System.Text.Encoding.ASCII.GetString(input.Span));
            return Task.CompletedTask;
        }

        protected override Task WriteEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        protected override Task WriteSizeAsync(TerminalSize size, CancellationToken cancellationToken) => Task.CompletedTask;

        protected override Task<bool> WriteLeaveAsync(CancellationToken cancellationToken)
        {
            Written.Add("leave");
            return Task.FromResult(true);
        }
    }

    /// <summary>Its first line overtakes the answer to the start, which comes only once the line was understood.</summary>
    private sealed class EarlySpeaker(Task heard, TaskCompletionSource<bool> start) : ProcessStreams
    {
        public override async IAsyncEnumerable<ProcessEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new ProcessEvent(Ready: true, null, null);
            yield return new ProcessEvent(false, new Container.V1.Output { Data = ByteString.CopyFromUtf8("ready\n") }, null);
            await heard.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
            start.SetResult(true);
            yield return new ProcessEvent(false, null, 7);
        }

        protected override Task WriteInputAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) => Task.CompletedTask;

        protected override Task WriteEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        protected override Task WriteSizeAsync(TerminalSize size, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
