using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;

namespace Suite.Registry.Listening;

/// <summary>
/// Stands for a part of a file where memory is asked for, so that Kestrel counts its bytes and hands it on unseen. There is nothing behind
/// it: whoever touches it has made a mistake, and is told.
/// </summary>
internal sealed class FilePart(SafeFileHandle file, long position, int length) : MemoryManager<byte>
{
    private const string Untouchable = "this memory stands for a part of a file, and cannot be read or written";

    public SafeFileHandle File => file;

    public long Position => position;

    public override Memory<byte> Memory => CreateMemory(length);

    public override Span<byte> GetSpan() => throw new SuiteException(ErrorKind.Internal, Untouchable);

    public override MemoryHandle Pin(int elementIndex = 0) => throw new SuiteException(ErrorKind.Internal, Untouchable);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
