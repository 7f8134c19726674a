using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;

namespace Suite.Layout;

/// <summary>A process of one of our executables, with a breakpoint at the begin of each function that it has not called yet.</summary>
internal sealed class TracedProcess : IDisposable
{
    private const byte Int3 = 0xcc;

    private readonly SafeFileHandle _memory;
    private readonly Dictionary<ulong, byte> _original;
    private readonly ulong _begin;
    private readonly ProcessLife _life;
    private bool _later;

    /// <summary>One that has just been executed.</summary>
    public TracedProcess(int id, TracedExecutable executable, string role)
    {
        _memory = Open(id);
        _life = new ProcessLife(role);
        executable.Lives.Add(_life);
        _begin = executable.Functions.Keys.Min();
        Code = new byte[executable.Functions.Keys.Max() - _begin + 1];
        if (RandomAccess.Read(_memory, Code, (long)_begin) != Code.Length)
            throw new SuiteException(ErrorKind.Internal, $"the code of process {id} cannot be read");
        _original = executable.Functions.Keys.ToDictionary(address => address, address => Code[address - _begin]);
        foreach (var address in _original.Keys)
            Code[address - _begin] = Int3;
        Arm();
    }

    /// <summary>A child that is a copy of it, breakpoints and all.</summary>
    public TracedProcess(int id, TracedProcess parent) =>
        (_memory, _original, _begin, _life, Code, _later, Started) = (Open(id), parent._original, parent._begin, parent._life, parent.Code, parent._later, parent.Started);

    public DateTime Started { get; } = DateTime.UtcNow;

    /// <summary>When it has lived that long its start is over.</summary>
    public bool IsDue => !_later && DateTime.UtcNow - Started > TimeSpan.FromSeconds(3);

    private byte[] Code { get; }

    /// <summary>What is called from now on is noted anew.</summary>
    public void StartOver()
    {
        _later = true;
        Arm();
    }

    /// <summary>A thread has come to a breakpoint, which goes. False: it is none of ours.</summary>
    public bool Hit(int thread)
    {
        var address = Ptrace.StepBack(thread, _original.ContainsKey);
        if (address == 0)
            return false;
        Write([_original[address]], address);
        (_later ? _life.Later : _life.Start).Add(address);
        return true;
    }

    public void Dispose() => _memory.Dispose();

    private static SafeFileHandle Open(int id) => File.OpenHandle($"/proc/{id}/mem", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private void Arm() => Write(Code, _begin);

    private void Write(ReadOnlySpan<byte> bytes, ulong address)
    {
        try
        {
            RandomAccess.Write(_memory, bytes, (long)address);
        }
        catch (IOException)
        {
            // It was killed, and its memory is gone before its threads have said so.
        }
    }
}
