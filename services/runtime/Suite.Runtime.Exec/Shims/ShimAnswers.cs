using System.Collections.Concurrent;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Shims;

/// <summary>Who waits for which answer.</summary>
internal sealed class ShimAnswers
{
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<ShimAnswer>> _waiting = new();
    private uint _last;

    public uint Next() => Interlocked.Increment(ref _last);

    public Task<ShimAnswer> Expect(uint number) =>
        _waiting.GetOrAdd(number, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Complete(uint number, ShimAnswer answer)
    {
        if (!_waiting.TryRemove(number, out var waiting))
        {
            // Nobody waits any longer: what came with it must not stay open.
            Descriptor.Close(answer.Descriptor);
            return;
        }

        if (answer.Failure() is { } failure)
            waiting.TrySetException(failure);
        else
            waiting.TrySetResult(answer);
    }

    public void Forget(uint number) => _waiting.TryRemove(number, out _);

    public void Abandon(uint number)
    {
        if (_waiting.TryRemove(number, out var waiting))
            waiting.TrySetException(new SuiteException(ErrorKind.Unavailable, "ask the shim: it is gone or the connection was closed"));
    }

    public void AbandonAll()
    {
        foreach (var number in _waiting.Keys)
            Abandon(number);
    }
}

internal readonly record struct ShimAnswer(MessageKind Kind, byte[] Packet, int Descriptor)
{
    private const int HeaderSize = 5;

    public SuiteException? Failure()
    {
        if (Kind != MessageKind.Failed)
            return null;

        var reader = Body();
        var kind = (ErrorKind)reader.Byte();
        var exitCode = reader.Int();
        var message = reader.String();
        return exitCode == NotAStart ? new SuiteException(kind, message) : new StartFailedException(kind, message, exitCode);
    }

    /// <summary>The exit code of a failure that is no start.</summary>
    public const int NotAStart = 0;

    public StartedProcess ReadStarted()
    {
        var reader = Body();
        return new StartedProcess(reader.Int(), new DateTimeOffset(reader.Long(), TimeSpan.Zero));
    }

    public ShimState ReadState()
    {
        var reader = Body();
        return PodCodec.ReadState(ref reader);
    }

    public ContainerUsage ReadUsage()
    {
        var reader = Body();
        var at = new DateTimeOffset(reader.Long(), TimeSpan.Zero);
        return new ContainerUsage(at, reader.ULong(), reader.ULong(), reader.ULong(), reader.ULong(), reader.ULong());
    }

    public IReadOnlyList<int> ReadProcesses()
    {
        var reader = Body();
        var processes = new int[reader.Count(elementSize: 4)];
        for (var i = 0; i < processes.Length; i++)
            processes[i] = reader.Int();
        return processes;
    }

    private WireReader Body() => new(Packet.AsSpan(HeaderSize));
}
