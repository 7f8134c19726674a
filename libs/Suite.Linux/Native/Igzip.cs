using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>
/// isa-l/igzip_lib.h of libisal.so.2: an inflater about twice as fast as zlib-ng. The library is looked for when it is first needed, as
/// a machine may do without. One thread at a time.
/// </summary>
public sealed unsafe class Igzip : IDisposable
{
    // struct inflate_state, as soname 2 lays it out on every 64-bit machine; the header test of Suite.Linux compares them.
    public const int StateBytes = 87368;
    public const int NextOut = 0;
    public const int AvailOut = 8;
    public const int NextIn = 16;
    public const int AvailIn = 32;
    public const int BlockState = 21160;
    public const int CrcFlag = 21172;
    private const int IsalGzip = 1;
    private const int BlockFinish = 5;

    /// <summary>At the end of a member the library gives back up to 8 bytes that it had read ahead: those of the piece before included.</summary>
    private const int Slack = 16;

    private const int InputBytes = 256 * 1024;

    private static readonly Library? Loaded = Load();

    private byte* _memory;

    public Igzip()
    {
        if (Loaded is null) throw new DllNotFoundException("libisal.so.2 is not installed");
        _memory = (byte*)NativeMemory.AlignedAlloc(StateBytes + Slack + InputBytes, 64);
        new Span<byte>(_memory, StateBytes + Slack).Clear();
        Loaded.Init(_memory);
        Int(CrcFlag) = IsalGzip;
        Pointer(NextIn) = Start;
        Int(AvailIn) = 0;
    }

    public static bool IsAvailable => Loaded is not null;

    /// <summary>Compressed bytes that have been brought and not yet used.</summary>
    public int Left => Int(AvailIn);

    /// <summary>Whether the current member has ended and its checksum was right.</summary>
    public bool AtMemberEnd => Int(BlockState) == BlockFinish;

    private byte* Start => _memory + StateBytes + Slack;

    /// <summary>What is left, as bytes.</summary>
    public ReadOnlySpan<byte> Rest => new(Pointer(NextIn), Left);

    /// <summary>Takes more input behind what is left, which moves to the front. Answers how much came; 0 at the end of the source.</summary>
    public int Fill(Stream source)
    {
        var left = Left;
        // With the bytes before it: the library may step back into them.
        Buffer.MemoryCopy(Pointer(NextIn) - Slack, Start - Slack, Slack + InputBytes, Slack + left);
        Pointer(NextIn) = Start;
        var read = source.Read(new Span<byte>(Start + left, InputBytes - left));
        Int(AvailIn) = left + read;
        return read;
    }

    /// <summary>Inflates as much as fits and is there. Answers the bytes written, or a negative ISAL_* code for a damaged stream.</summary>
    public int Inflate(Span<byte> target)
    {
        fixed (byte* output = target)
        {
            Pointer(NextOut) = output;
            Int(AvailOut) = target.Length;
            var result = Loaded!.Inflate(_memory);
            return result < 0 ? result : target.Length - Int(AvailOut);
        }
    }

    /// <summary>Starts with the next member of the file (RFC 1952, 2.2) at what is left.</summary>
    public void NextMember()
    {
        var (next, left) = ((nint)Pointer(NextIn), Left);
        Loaded!.Reset(_memory);
        Int(CrcFlag) = IsalGzip;
        Pointer(NextIn) = (byte*)next;
        Int(AvailIn) = left;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }

    private ref int Int(int offset) => ref *(int*)(_memory + offset);

    private ref byte* Pointer(int offset) => ref *(byte**)(_memory + offset);

    private static Library? Load() =>
        nint.Size == 8
        && NativeLibrary.TryLoad("libisal.so.2", out var library)
        && NativeLibrary.TryGetExport(library, "isal_inflate_init", out var init)
        && NativeLibrary.TryGetExport(library, "isal_inflate", out var inflate)
        && NativeLibrary.TryGetExport(library, "isal_inflate_reset", out var reset)
            ? new Library(init, inflate, reset)
            : null;

    private sealed class Library(nint init, nint inflate, nint reset)
    {
        public void Init(byte* state) => ((delegate* unmanaged<byte*, void>)init)(state);

        public int Inflate(byte* state) => ((delegate* unmanaged<byte*, int>)inflate)(state);

        public void Reset(byte* state) => ((delegate* unmanaged<byte*, void>)reset)(state);
    }
}
