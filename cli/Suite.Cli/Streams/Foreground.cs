using Grpc.Core;
using Suite.Cli.Output;
using Suite.Linux.Errors;
using Suite.Linux.Terminals;

namespace Suite.Cli.Streams;

/// <summary>Connects a person's own streams, or a script's, with those of a process in a container until that ends.</summary>
internal sealed class Foreground(StandardStreams own, ProcessStreams process, bool stdin, bool tty, DetachKeys? keys = null)
{
    private const int InputBuffer = 32 << 10;

    private readonly bool _raw = tty && stdin && own.InputIsTerminal;

    /// <summary>A person left by the detach keys: the process goes on.</summary>
    public bool Detached { get; private set; }

    /// <summary>Says no before anything is made, where a terminal is wanted and there is none.</summary>
    public static void RequireTerminal(StandardStreams own, bool stdin, bool tty)
    {
        if (tty && stdin && !own.InputIsTerminal)
        {
            throw new SuiteException(
                ErrorKind.InvalidArgument, "cannot connect a terminal: standard input is not one; leave -t out to pipe data in");
        }
    }

    /// <param name="onReady">
    /// Done once output cannot be missed any more: starts the process where that is still to do, and says whether it runs.
    /// </param>
    /// <param name="onRunning">Done once it is certain that the process runs, and maybe again: it was started, or has said something.</param>
    /// <returns>The exit code; null when the other side went away without one.</returns>
    public async Task<int?> RunAsync(Func<CancellationToken, Task<bool>> onReady, Action? onRunning, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool>? start = null;
        RawMode? rawMode = null;
        TerminalResizes? resizes = null;
        try
        {
            await foreach (var message in process.ReadAsync(ending.Token))
            {
                if (message.Ready)
                {
                    rawMode = _raw ? RawMode.Enter(0) : null;
                    start = StartAsync(onReady, onRunning, ending);
                    resizes = tty && own.OutputIsTerminal ? new TerminalResizes(process, ending.Token) : null;
                    if (stdin)
                        _ = PumpInputAsync(ending);
                }
                else if (message.Output is { } output)
                {
                    // On another call than the answer to the start, which it may overtake.
                    onRunning?.Invoke();
                    await WriteAsync(output, ending.Token);
                }
                else if (message.ExitCode is { } exitCode)
                {
                    if (start is not null)
                        await start;
                    return exitCode;
                }
            }
        }
        catch (Exception) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            if (Detached)
                return null;
            // The start failed and ended the streams: what it failed with comes out below.
        }
        catch (RpcException) when (start is not null && !cancellationToken.IsCancellationRequested)
        {
            // The streams go with a container that could not be started. The start's own failure is the reason, and is thrown here.
            if (await start)
                throw;
        }
        finally
        {
            resizes?.Dispose();
            rawMode?.Dispose();
            // What the shell says next begins a line of its own, wherever the container left the cursor.
            if (Detached && own.ErrorIsTerminal)
                await own.Error.WriteAsync("\n"u8.ToArray(), CancellationToken.None);
            await ending.CancelAsync();
        }

        if (start is not null)
            await start;
        return null;
    }

    private static async Task<bool> StartAsync(Func<CancellationToken, Task<bool>> onReady, Action? onRunning, CancellationTokenSource ending)
    {
        var runs = false;
        try
        {
            runs = await onReady(ending.Token);
            if (runs)
                onRunning?.Invoke();
            return runs;
        }
        finally
        {
            // A process that did not start never ends its streams.
            if (!runs)
                await ending.CancelAsync();
        }
    }

    private async Task WriteAsync(Container.V1.Output output, CancellationToken cancellationToken)
    {
        var target = output.Stream == Container.V1.Stream.Stderr ? own.Error : own.Output;
        await target.WriteAsync(output.Data.Memory, cancellationToken);
        await target.FlushAsync(cancellationToken);
    }

    private async Task PumpInputAsync(CancellationTokenSource ending)
    {
        var cancellationToken = ending.Token;
        var buffer = new byte[InputBuffer];
        var passed = new List<byte>();
        try
        {
            while (true)
            {
                var count = await own.Input.ReadAsync(buffer, cancellationToken);
                if (count == 0)
                    break;
                // Keys are a person's: what a pipe brings is passed on as it is.
                if (keys is null || !_raw)
                {
                    await process.SendAsync(buffer.AsMemory(0, count), cancellationToken);
                    continue;
                }

                passed.Clear();
                var detached = keys.Take(buffer.AsSpan(0, count), passed);
                if (passed.Count > 0)
                    await process.SendAsync(passed.ToArray(), cancellationToken);
                if (detached)
                {
                    Detached = true;
                    if (!await process.TryLeaveAsync(cancellationToken))
                        await ending.CancelAsync();
                    return;
                }
            }

            await process.SendEndAsync(cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The process has ended; nobody wants this input any more.
        }
        catch (Exception e) when (e is IOException or Grpc.Core.RpcException or InvalidOperationException)
        {
            // Its end closed the call in the middle of a write; the exit code arrives on the other half.
        }
    }
}
