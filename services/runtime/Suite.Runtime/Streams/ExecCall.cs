using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Journals;
using Suite.Runtime.Mapping;
using Suite.Runtime.Shims;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;

namespace Suite.Runtime.Streams;

/// <summary>suite.container.v1 Exec: one more process in a container, with its streams. It ends with the call, unless the caller leaves it.</summary>
internal sealed class ExecCall(Inventory inventory, PodShims shims, ExecProcess exec, Journal journal, TimeProvider time)
{
    public async Task RunAsync(IAsyncStreamReader<ExecRequest> requests, IServerStreamWriter<ExecResponse> responses, CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken).ConfigureAwait(false) || requests.Current.Options is not { } options)
            throw new SuiteException(ErrorKind.InvalidArgument, "options: must come first, and name the container");
        var container = inventory.AnyContainer(options.Container);
        var session = await exec.StartAsync(container, ToRequest(options), ToStreams(options), cancellationToken).ConfigureAwait(false);
        Tell(container, session, options);
        var left = false;
        try
        {
            await responses.WriteAsync(new ExecResponse { Started = true }, cancellationToken).ConfigureAwait(false);
            if (!options.Detach)
                left = await CarryAsync(container, session, requests, responses, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await exec.KillAsync(container, session).ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (left)
            {
                journal.Record(container, Actions.ExecDetach, ("execID", session.Id));
                _ = OutliveAsync(session);
            }
            else
                await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Only what people ask for: probes of kubelet and health checks would leave no room for anything else.</summary>
    private void Tell(ContainerRecord container, ExecSession session, ExecOptions options)
    {
        var command = string.Join(' ', options.Command);
        journal.Record(container, Actions.ExecCreate + command, ("execID", session.Id));
        journal.Record(container, Actions.ExecStart + command, ("execID", session.Id));
        _ = TellEndAsync(container, session);
    }

    private async Task TellEndAsync(ContainerRecord container, ExecSession session)
    {
        try
        {
            var status = await session.Exited.ConfigureAwait(false);
            journal.Record(container, Actions.ExecDie, ("execID", session.Id), ("exitCode", $"{status.Code}"));
        }
        catch (SuiteException)
        {
            // Its shim was killed, and nobody saw how it ended.
        }
    }

    /// <returns>Whether the process was left and goes on.</returns>
    private async Task<bool> CarryAsync(
        ContainerRecord container, ExecSession session, IAsyncStreamReader<ExecRequest> requests, IServerStreamWriter<ExecResponse> responses, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var leaving = new TaskCompletionSource();
        var feeding = FeedAsync(container, session, requests, leaving, over.Token);
        using var pump = new OutputPump((isError, data, token) => responses.WriteAsync(
            new ExecResponse { Output = new Output { Stream = isError ? Container.V1.Stream.Stderr : Container.V1.Stream.Stdout, Data = ByteString.CopyFrom(data.Span) } }, token), time);
        var pumping = pump.PumpAsync(session.Output, session.Error, over.Token);
        var left = await Task.WhenAny(session.Exited, leaving.Task).WaitAsync(cancellationToken).ConfigureAwait(false) == leaving.Task;
        if (!left)
        {
            await session.Exited.WaitAsync(cancellationToken).ConfigureAwait(false);
            await pump.DrainAsync(pumping, cancellationToken).ConfigureAwait(false);
        }
        await over.CancelAsync().ConfigureAwait(false);
        await feeding.ConfigureAwait(false);
        await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (left)
            return true;
        await responses.WriteAsync(new ExecResponse { ExitCode = (await session.Exited.ConfigureAwait(false)).Code }, cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>A terminal that nobody reads would hold its process up, and one that is closed would hang up on it.</summary>
    private async Task OutliveAsync(ExecSession session)
    {
        await using (session.ConfigureAwait(false))
        {
            using var over = new CancellationTokenSource();
            using var pump = new OutputPump(static (_, _, _) => Task.CompletedTask, time);
            var pumping = pump.PumpAsync(session.Output, session.Error, over.Token);
            await ((Task)session.Exited).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await pump.DrainAsync(pumping, CancellationToken.None).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FeedAsync(ContainerRecord container, ExecSession session, IAsyncStreamReader<ExecRequest> requests, TaskCompletionSource leaving, CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                var part = requests.Current;
                if (part.PartCase == ExecRequest.PartOneofCase.Stdin && session.Input is { } input)
                    await input.WriteAsync(part.Stdin.Memory, cancellationToken).ConfigureAwait(false);
                else if (part.PartCase == ExecRequest.PartOneofCase.StdinEnd && session.Input is { } ended)
                    await ended.DisposeAsync().ConfigureAwait(false);
                else if (part.PartCase == ExecRequest.PartOneofCase.Leave)
                    leaving.TrySetResult();
                else if (part.PartCase == ExecRequest.PartOneofCase.Size)
                    await shims.Of(container.PodId).ResizeAsync(container.Id, session.Id, part.Size.ToDomain(), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException or SuiteException)
        {
            // The process no longer reads, or the caller has gone: the output's side says how it ended.
        }
    }

    private static ProcessRequest ToRequest(ExecOptions options) => new([.. options.Command])
    {
        Environment = [.. options.Env.Select((variable, i) => SoloMapping.Variable(variable, $"options.env[{i}]"))],
        WorkingDirectory = options.WorkingDir,
        User = options.User,
        // The terminal of one that nobody listens to would hang up at once.
        Tty = options.Tty && !options.Detach,
        Privileged = options.Privileged,
    };

    private static ExecStreams ToStreams(ExecOptions options) =>
        options.Detach ? new() { Output = false, Error = false } : new() { Input = options.Stdin, Size = options.Size?.ToDomain() };
}
