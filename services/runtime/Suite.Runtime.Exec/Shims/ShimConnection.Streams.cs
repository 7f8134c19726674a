using Microsoft.Win32.SafeHandles;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Wire;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Shims;

/// <content>The calls that hand over streams.</content>
public sealed partial class ShimConnection
{
    /// <summary>Runs one more process. <paramref name="execId"/> is unique in its container.</summary>
    /// <exception cref="StartFailedException">It could not be started.</exception>
    public async Task<ExecSession> ExecAsync(
        string containerId, string execId, ProcessPlan plan, ExecStreams streams, CancellationToken cancellationToken)
    {
        Names.CheckId(execId, "execId");
        var theirs = new List<int> { Sealed(plan.Request, plan.Steps) };
        DescriptorStream? input = null, output = null, error = null;
        var pipes = !plan.Terminal;
        if (pipes && streams.Input)
        {
            var (read, write) = ShimSocket.Pipe();
            theirs.Add(read);
            input = Writer(write);
        }

        if (pipes && streams.Output)
            output = Reader(theirs);
        if (pipes && streams.Error)
            error = Reader(theirs);

        var request = Request(MessageKind.Exec, out var number);
        request.String(containerId);
        request.String(execId);
        PodCodec.Write(request, streams.Size);
        request.Bool(input is not null);
        request.Bool(output is not null);
        request.Bool(error is not null);

        // Known before it is asked for: a short program can end before the answer is read here.
        var session = new ExecSession(execId, input, output, error);
        _sessions[(containerId, execId)] = session;
        try
        {
            var answer = await CallAsync(request, number, [.. theirs], cancellationToken).ConfigureAwait(false);
            session.Started(answer.ReadStarted().Pid, answer.Descriptor, streams.Input);
            return session;
        }
        catch
        {
            _sessions.TryRemove((containerId, execId), out _);
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects to a container's streams, before or after its start. When this returns, no later output is missed.</summary>
    public async Task<AttachedStreams> AttachAsync(string containerId, bool input, CancellationToken cancellationToken)
    {
        var theirs = new List<int>();
        DescriptorStream? typed = null;
        if (input)
        {
            var (read, write) = ShimSocket.Pipe();
            theirs.Add(read);
            typed = Writer(write);
        }

        var attached = new AttachedStreams(typed, SocketReader(theirs), SocketReader(theirs));
        var request = Request(MessageKind.Attach, out var number);
        request.String(containerId);
        request.Bool(input);
        try
        {
            await CallAsync(request, number, [.. theirs], cancellationToken).ConfigureAwait(false);
            return attached;
        }
        catch
        {
            await attached.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Exited(string containerId, string execId, ExitStatus status)
    {
        // One of an earlier connection has no session here, and its record is to go all the same.
        if (_sessions.TryRemove((containerId, execId), out var session))
            session.Ended(status);
        var request = Request(MessageKind.DeleteExec, out var number);
        request.String(containerId);
        request.String(execId);
        _ = CallAsync(request, number, [], CancellationToken.None).ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _events.Writer.TryWrite(new ExecExited(containerId, execId, status));
    }

    private static DescriptorStream Reader(List<int> theirs)
    {
        var (read, write) = ShimSocket.Pipe();
        theirs.Add(write);
        return new DescriptorStream(new SafeFileHandle(read, ownsHandle: true), FileAccess.Read);
    }

    private static DescriptorStream SocketReader(List<int> theirs)
    {
        var (ours, other) = ShimSocket.Pair(SOCK_STREAM);
        theirs.Add(other);
        return new DescriptorStream(new SafeFileHandle(ours, ownsHandle: true), FileAccess.Read);
    }

    private static DescriptorStream Writer(int fd) => new(new SafeFileHandle(fd, ownsHandle: true), FileAccess.Write);
}
