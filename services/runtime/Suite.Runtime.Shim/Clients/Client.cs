using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Loops;
using Suite.Runtime.Shim.Pods;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Clients;

/// <summary>One connection of a runtime. Its end changes nothing for the containers.</summary>
internal sealed class Client : IWatcher
{
    // One packet is read at a time on the one thread.
    private static readonly byte[] s_packet = new byte[Protocol.MaxMessage];

    private readonly EventLoop _loop;
    private readonly Pod _pod;
    private readonly WireWriter _writer = new();
    private readonly int _socket;
    private bool _closed;

    public Client(EventLoop loop, int socket, Pod pod)
    {
        _loop = loop;
        _socket = socket;
        _pod = pod;
        loop.Watch(socket, this, readable: true, writable: false);
        var hello = Begin(MessageKind.Hello, 0);
        hello.Int(Protocol.Version);
        hello.Int(Environment.ProcessId);
        Send(hello);
    }

    public void Ready()
    {
        Span<int> descriptors = stackalloc int[FdMessage.MaxDescriptors];
        var length = FdMessage.Receive(_socket, s_packet, descriptors, out var count);
        if (length is -ErrnoNames.EAGAIN)
            return;
        if (length <= 0)
        {
            Close();
            return;
        }

        Handle(s_packet.AsSpan(0, length), descriptors[..count]);
    }

    public WireWriter Begin(MessageKind kind, uint number)
    {
        _writer.Clear();
        _writer.Byte((byte)kind);
        _writer.UInt(number);
        return _writer;
    }

    public void Done(uint number) => Send(Begin(MessageKind.Done, number));

    public void Fail(uint number, InitReport failure)
    {
        var writer = Begin(MessageKind.Failed, number);
        writer.Byte((byte)failure.Kind);
        writer.Int(failure.ExitCode);
        writer.String(failure.Message.Length > 8000 ? failure.Message[..8000] : failure.Message);
        Send(writer);
    }

    public void Tell(ShimEvent happened)
    {
        var writer = Begin(happened switch { ContainerExited => MessageKind.ContainerExited, ExecExited => MessageKind.ExecExited, _ => MessageKind.HooksFailed }, 0);
        writer.String(happened.ContainerId);
        switch (happened)
        {
            case ContainerExited container:
                PodCodec.Write(writer, container.Status);
                break;
            case ExecExited exec:
                writer.String(exec.ExecId);
                PodCodec.Write(writer, exec.Status);
                break;
            case HooksFailed hooks:
                writer.String(hooks.Reason);
                break;
        }

        Send(writer);
    }

    public void Send(WireWriter writer, int descriptor = -1)
    {
        // Of an answer that was long in coming: the number of its socket may be another's by now.
        if (_closed)
            return;
        var error = FdMessage.TrySend(_socket, writer.Written, descriptor < 0 ? [] : [descriptor]);
        // One who does not read his answers is cut off; a new connection finds everything in the state.
        if (error != 0)
            Close();
    }

    /// <summary>
    /// Before the end of the shim: reads what came in meanwhile, and lets nothing come after it. A socket that is closed with something
    /// unread is a broken connection to the other end, which then never sees our last answers (unix_release_sock of af_unix.c).
    /// </summary>
    public void End()
    {
        // sys/socket.h
        const int SHUT_RD = 0;
        _ = shutdown(_socket, SHUT_RD);
        Span<int> descriptors = stackalloc int[FdMessage.MaxDescriptors];
        while (FdMessage.Receive(_socket, s_packet, descriptors, out var count) > 0)
        {
            foreach (var descriptor in descriptors[..count])
                Descriptor.Close(descriptor);
        }
    }

    private void Handle(ReadOnlySpan<byte> packet, ReadOnlySpan<int> descriptors)
    {
        var reader = new WireReader(packet);
        uint number = 0;
        try
        {
            var kind = (MessageKind)reader.Byte();
            number = reader.UInt();
            Requests.Handle(_pod, this, kind, number, reader, descriptors);
        }
        catch (StartFailedException failure)
        {
            Fail(number, new InitReport(failure.Kind, failure.ExitCode, failure.Message));
        }
        catch (SuiteException failure)
        {
            Fail(number, new InitReport(failure.Kind, ShimAnswer.NotAStart, failure.Message));
        }
        finally
        {
            // Who keeps one has made a copy.
            foreach (var descriptor in descriptors)
                Descriptor.Close(descriptor);
        }
    }

    private void Close()
    {
        _closed = true;
        if (!_pod.Forget(this))
            return;
        _loop.Close(_socket);
    }
}
