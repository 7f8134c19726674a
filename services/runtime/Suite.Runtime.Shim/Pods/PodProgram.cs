using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>
/// A whole program in a sealed memory file: it waits for ever. SIGCHLD is ignored when it begins, and stays so over execve, so
/// the kernel itself clears away every orphan it is given (wait(2), NOTES).
/// </summary>
internal static unsafe class PodProgram
{
    private const ulong Address = 0x400000;
    private const int HeaderSize = 64;
    private const int SegmentSize = 56;

    // again: mov eax, 34 (pause); syscall; jmp again
    private static ReadOnlySpan<byte> X64 => [0xb8, 0x22, 0x00, 0x00, 0x00, 0x0f, 0x05, 0xeb, 0xf7];

    // again: mov x0..x4 = 0; mov x8, 73 (ppoll); svc 0; b again
    private static ReadOnlySpan<byte> Arm64 =>
    [
        0x00, 0x00, 0x80, 0xd2, 0x01, 0x00, 0x80, 0xd2, 0x02, 0x00, 0x80, 0xd2, 0x03, 0x00, 0x80, 0xd2, 0x04, 0x00, 0x80, 0xd2,
        0x28, 0x09, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4, 0xf9, 0xff, 0xff, 0x17,
    ];

    public static int Open()
    {
        const int addSeals = 1033;
        const int sealAll = 0xf;
        int file;
        fixed (byte* name = "pod\0"u8)
            file = memfd_create(name, 0x1 | 0x2 /* MFD_CLOEXEC | MFD_ALLOW_SEALING */);
        var image = Image(RuntimeInformation.ProcessArchitecture == Architecture.Arm64);
        fixed (byte* bytes = image)
        {
            if (file < 0 || (long)write(file, bytes, image.Length) != image.Length || fcntl(file, addSeals, sealAll) != 0)
                throw new ErrnoException("make the program of the pod's process 1", errno);
        }

        return file;
    }

    /// <summary>Returns only to throw.</summary>
    public static void Execute(int file)
    {
        fixed (byte* name = "pod\0"u8)
        {
            var arguments = stackalloc byte*[2] { name, null };
            var environment = stackalloc byte*[1] { null };
            _ = Execve.At(file, arguments, environment);
        }

        throw new ErrnoException("execute the pod's process 1", errno);
    }

    /// <summary>An executable of one segment (elf(5)).</summary>
    internal static byte[] Image(bool arm64)
    {
        var code = arm64 ? Arm64 : X64;
        var image = new byte[HeaderSize + SegmentSize + code.Length];
        var header = image.AsSpan();
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2 /* 64 bits */, 1 /* little-endian */, 1]).CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2 /* ET_EXEC */);
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], arm64 ? (ushort)183 : (ushort)62);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], Address + HeaderSize + SegmentSize);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 1);

        var segment = header[HeaderSize..];
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 1 /* PT_LOAD */);
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 5 /* read and execute */);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], Address);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[24..], Address);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], (ulong)image.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], (ulong)image.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 0x10000);
        code.CopyTo(segment[SegmentSize..]);
        return image;
    }
}
