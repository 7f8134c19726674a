using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Wire;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Shims;

/// <summary>
/// Commands to one shim. Safe for several callers at once; the shim answers in order. Every call throws SuiteException:
/// Unavailable when the shim is gone, NotFound for an unknown container or exec, FailedPrecondition for a wrong phase.
/// A cancelled call may have been done all the same.
/// </summary>
public sealed partial class ShimConnection : IAsyncDisposable
{
    private const int MostStepsAhead = 128;

    private readonly ShimSocket _socket;
    private readonly ShimAnswers _answers = new();
    private readonly Channel<ShimEvent> _events = Channel.CreateUnbounded<ShimEvent>(new() { SingleWriter = true });
    private readonly ConcurrentDictionary<(string Container, string Exec), ExecSession> _sessions = new();
    private readonly TaskCompletionSource<int> _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ShimConnection(ShimSocket socket, Action<ShimConnection>? ended = null)
    {
        _socket = socket;
        Closed = ReceiveAsync(ended);
    }

    /// <summary>Process id of the shim.</summary>
    public int Pid => _hello.Task.IsCompletedSuccessfully ? _hello.Task.Result : 0;

    /// <summary>Exits, each once on every connection. Exits that happened without a connection are in <see cref="ReadStateAsync"/>.
    /// Completes when the shim is gone.</summary>
    public ChannelReader<ShimEvent> Events => _events.Reader;

    /// <summary>Completes when the shim is gone or this connection is disposed; never faults.</summary>
    public Task Closed { get; }

    /// <summary>Connects to a shim that has its pod, by <see cref="PodPlan.SocketPath"/>. Unavailable: it is not there.</summary>
    public static async Task<ShimConnection> ConnectAsync(string socketPath, CancellationToken cancellationToken)
    {
        var connection = new ShimConnection(ShimSocket.Connect(socketPath));
        await connection.ReadyAsync(cancellationToken).ConfigureAwait(false);
        return connection;
    }

    /// <summary>Makes the pod's namespaces and cgroup. Once for each shim. When it fails the shim has undone it and ends.</summary>
    public async Task StartPodAsync(PodPlan pod, CancellationToken cancellationToken)
    {
        PodChecks.Check(pod);
        var request = Request(MessageKind.StartPod, out var number);
        PodCodec.Write(request, pod);
        await CallAsync(request, number, [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a pod with <see cref="PodPlan.NetworkFollows"/> its network namespace. Once; when it fails, shut the shim down.</summary>
    /// <param name="path">A namespace file that this process can open; the shim may not see it among its mounts.</param>
    public async Task JoinNetworkAsync(string path, CancellationToken cancellationToken)
    {
        var request = Request(MessageKind.JoinNetwork, out var number);
        await CallAsync(request, number, [Descriptor.Open(path, O_RDONLY)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Says that a container will come. Its cgroup, a directory in a dozen trees, is made now, while its root file system is still
    /// being prepared, and its init begins. <see cref="DeleteContainerAsync"/> takes it back when no container comes.
    /// </summary>
    /// <param name="limits">As far as they are known; what the start's plan says otherwise is set then.</param>
    /// <param name="head">Of <see cref="ContainerPlan.HeadStart"/>: what the start's plan does not have is of no effect. Null: nothing.</param>
    public async Task AnnounceContainerAsync(string id, string cgroupPath, CgroupLimits limits, ContainerPlan? head, CancellationToken cancellationToken)
    {
        var request = Request(MessageKind.AnnounceContainer, out var number);
        request.String(Names.CheckId(id, "id"));
        Names.CheckCgroupPath(cgroupPath, "cgroupPath");
        request.String(cgroupPath);
        LimitsCodec.Write(request, limits);
        // All the devices of a large host are too much for a packet; the start makes them.
        if (head is not null && head.Steps.Length <= MostStepsAhead)
            PlanCodec.Write(request, head.Request, head.Steps);
        await CallAsync(request, number, [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes a container known, with its log open, so that it can be attached to. Nothing runs yet. One of that id which does not
    /// run is replaced. What is asked next, for example its start, may be asked before this has been answered.
    /// </summary>
    public async Task CreateContainerAsync(string id, ContainerStreams streams, CancellationToken cancellationToken)
    {
        var request = Request(MessageKind.CreateContainer, out var number);
        request.String(Names.CheckId(id, "id"));
        PodCodec.Write(request, streams);
        await CallAsync(request, number, [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a container that is created or exited. Returns when its program has been executed.</summary>
    /// <exception cref="StartFailedException">It could not be; nothing is left of it, and it is in the phase it was in.</exception>
    public async Task<StartedProcess> StartContainerAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var request = Request(MessageKind.StartContainer, out var number);
        request.String(plan.Id);
        var answer = await CallAsync(request, number, [Sealed(plan.Request, plan.Steps)], cancellationToken).ConfigureAwait(false);
        return answer.ReadStarted();
    }

    /// <summary>Sends a signal to a container's first process, or to all of its processes. FailedPrecondition: not running.</summary>
    public Task SignalAsync(string containerId, int signal, bool all, CancellationToken cancellationToken)
    {
        var request = Request(MessageKind.Signal, out var number);
        request.String(containerId);
        request.Int(signal);
        request.Bool(all);
        return CallAsync(request, number, [], cancellationToken);
    }

    /// <summary>Sends a signal to an exec's process. One that has ended is no error.</summary>
    public Task SignalExecAsync(string containerId, string execId, int signal, CancellationToken cancellationToken)
    {
        var request = Request(MessageKind.SignalExec, out var number);
        request.String(containerId);
        request.String(execId);
        request.Int(signal);
        return CallAsync(request, number, [], cancellationToken);
    }

    /// <summary>Ends a container's standard input, once all that attached clients wrote is read. Dispose their Input first.</summary>
    public Task CloseInputAsync(string containerId, CancellationToken cancellationToken) =>
        CallAsync(MessageKind.CloseInput, containerId, cancellationToken);

    /// <summary>Opens the log file anew after it was renamed. When this returns, everything later goes to the new file.</summary>
    public Task ReopenLogAsync(string containerId, CancellationToken cancellationToken) =>
        CallAsync(MessageKind.ReopenLog, containerId, cancellationToken);

    /// <summary>Sets the size of the terminal of a container, or of one of this connection's execs.</summary>
    public Task ResizeAsync(string containerId, string? execId, TerminalSize size, CancellationToken cancellationToken)
    {
        if (execId is not null)
        {
            if (!_sessions.TryGetValue((containerId, execId), out var session))
                throw new SuiteException(ErrorKind.NotFound, $"resize the terminal of the process {execId}: the container {containerId} does not have it");
            session.Resize(size);
            return Task.CompletedTask;
        }

        var request = Request(MessageKind.Resize, out var number);
        request.String(containerId);
        PodCodec.Write(request, size);
        return CallAsync(request, number, [], cancellationToken);
    }

    public async Task<ShimState> ReadStateAsync(CancellationToken cancellationToken)
    {
        var request = Request(MessageKind.ReadState, out var number);
        var answer = await CallAsync(request, number, [], cancellationToken).ConfigureAwait(false);
        return answer.ReadState();
    }

    /// <summary>Memory and CPU of a running container.</summary>
    public async Task<ContainerUsage> ReadUsageAsync(string containerId, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(MessageKind.ReadUsage, containerId, cancellationToken).ConfigureAwait(false);
        return answer.ReadUsage();
    }

    /// <summary>Stops all processes of a running container where they stand; returns when they have stopped. Paused already is no error.</summary>
    public Task PauseAsync(string containerId, CancellationToken cancellationToken) => CallAsync(MessageKind.Pause, containerId, cancellationToken);

    /// <summary>Lets a paused container go on. One that is not paused is no error.</summary>
    public Task ResumeAsync(string containerId, CancellationToken cancellationToken) => CallAsync(MessageKind.Resume, containerId, cancellationToken);

    /// <summary>Changes limits of a running container in place; what is absent stays as it is.</summary>
    /// <exception cref="SuiteException">InvalidArgument: a field is wrong; Unsupported: the host lacks a controller.</exception>
    public Task UpdateAsync(string containerId, LinuxResources resources, CancellationToken cancellationToken)
    {
        var limits = LimitsPlanner.From(resources);
        var request = Request(MessageKind.Update, out var number);
        request.String(containerId);
        LimitsCodec.Write(request, limits);
        // For a pod with another runtime, which reads them so.
        request.Bytes(JsonSerializer.SerializeToUtf8Bytes(resources, RuntimeJson.Default.LinuxResources));
        return CallAsync(request, number, [], cancellationToken);
    }

    /// <summary>The processes of a running container, by their ids on the host.</summary>
    public async Task<IReadOnlyList<int>> ReadProcessesAsync(string containerId, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(MessageKind.ReadProcesses, containerId, cancellationToken).ConfigureAwait(false);
        return answer.ReadProcesses();
    }

    /// <summary>Forgets a container that does not run, with its exit and its cgroup. An unknown one is no error.</summary>
    public Task DeleteContainerAsync(string containerId, CancellationToken cancellationToken) =>
        CallAsync(MessageKind.DeleteContainer, containerId, cancellationToken);

    /// <summary>Forgets an exec that has ended. <see cref="ExecAsync"/> does it by itself; this is for those found in the state.</summary>
    public Task DeleteExecAsync(string containerId, string execId, CancellationToken cancellationToken)
    {
        var request = Request(MessageKind.DeleteExec, out var number);
        request.String(containerId);
        request.String(execId);
        return CallAsync(request, number, [], cancellationToken);
    }

    /// <summary>Kills what runs, removes the cgroups and everything else the shim made, and ends it. Returns when it has ended.</summary>
    public async Task ShutdownAsync(CancellationToken cancellationToken)
    {
        var request = Request(MessageKind.Shutdown, out var number);
        await CallAsync(request, number, [], cancellationToken).ConfigureAwait(false);
        await Closed.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the connection; the shim and its containers go on.</summary>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await Closed.ConfigureAwait(false);
    }

    internal Task ReadyAsync(CancellationToken cancellationToken) => _hello.Task.WaitAsync(cancellationToken);

    private Task<ShimAnswer> CallAsync(MessageKind kind, string containerId, CancellationToken cancellationToken)
    {
        var request = Request(kind, out var number);
        request.String(containerId);
        return CallAsync(request, number, [], cancellationToken);
    }

    private WireWriter Request(MessageKind kind, out uint number)
    {
        number = _answers.Next();
        var writer = new WireWriter();
        writer.Byte((byte)kind);
        writer.UInt(number);
        return writer;
    }

    /// <param name="descriptors">Closed here once they are sent or cannot be.</param>
    private async Task<ShimAnswer> CallAsync(WireWriter request, uint number, int[] descriptors, CancellationToken cancellationToken)
    {
        var answer = _answers.Expect(number);
        var error = _socket.Send(request.Written, descriptors);
        foreach (var descriptor in descriptors)
            Descriptor.Close(descriptor);
        if (error != 0 || Closed.IsCompleted)
            _answers.Abandon(number);
        try
        {
            return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _answers.Forget(number);
            throw;
        }
    }

    private static int Sealed(CloneRequest request, IReadOnlyList<Step> steps)
    {
        var plan = new WireWriter(4096);
        PlanCodec.Write(plan, request, steps);
        return ShimSocket.Sealed(plan.Written);
    }

    private async Task ReceiveAsync(Action<ShimConnection>? ended)
    {
        // The constructor must be over before anything is told.
        await Task.Yield();
        while (await _socket.ReceiveAsync().ConfigureAwait(false) is { Packet: { } packet } received)
            Receive(packet, received.Descriptor);

        _socket.Dispose();
        var gone = new SuiteException(ErrorKind.Unavailable, $"ask the shim {Pid}: it is gone or the connection was closed");
        _hello.TrySetException(gone);
        _ = _hello.Task.Exception;
        _answers.AbandonAll();
        foreach (var session in _sessions.Values)
            session.Lose(gone);
        _events.Writer.TryComplete();
        ended?.Invoke(this);
    }

    private void Receive(byte[] packet, int descriptor)
    {
        var reader = new WireReader(packet);
        var kind = (MessageKind)reader.Byte();
        var number = reader.UInt();
        switch (kind)
        {
            case MessageKind.Hello:
                var version = reader.Int();
                if (version == Protocol.Version)
                    _hello.TrySetResult(reader.Int());
                else
                    _hello.TrySetException(new SuiteException(ErrorKind.Unsupported, $"talk to the shim: it speaks version {version}, this program {Protocol.Version}"));
                break;
            case MessageKind.ContainerExited:
                _events.Writer.TryWrite(new ContainerExited(reader.String(), PodCodec.ReadExit(ref reader)!));
                break;
            case MessageKind.ExecExited:
                Exited(reader.String(), reader.String(), PodCodec.ReadExit(ref reader)!);
                break;
            case MessageKind.HooksFailed:
                _events.Writer.TryWrite(new HooksFailed(reader.String(), reader.String()));
                break;
            default:
                _answers.Complete(number, new ShimAnswer(kind, packet, descriptor));
                break;
        }
    }
}
