using System.Runtime.InteropServices;
using System.Text;

namespace Suite.Linux.Native;

/// <summary>linux/loop.h: files as block devices (loop(4)). LOOP_CONFIGURE is of Linux 5.8.</summary>
public static unsafe partial class LoopDeviceCalls
{
    public const uint LOOP_CTL_GET_FREE = 0x4C82;
    public const uint LOOP_CONFIGURE = 0x4C0A;
    public const uint LOOP_SET_CAPACITY = 0x4C07;
    public const uint LO_FLAGS_AUTOCLEAR = 4;
    public const uint LO_FLAGS_DIRECT_IO = 16;
    public const int LO_NAME_SIZE = 64;
    public const int LO_KEY_SIZE = 32;

    [StructLayout(LayoutKind.Sequential)]
    public struct loop_info64
    {
        public ulong lo_device;
        public ulong lo_inode;
        public ulong lo_rdevice;
        public ulong lo_offset;
        public ulong lo_sizelimit;
        public uint lo_number;
        public uint lo_encrypt_type;
        public uint lo_encrypt_key_size;
        public uint lo_flags;
        public fixed byte lo_file_name[LO_NAME_SIZE];
        public fixed byte lo_crypt_name[LO_NAME_SIZE];
        public fixed byte lo_encrypt_key[LO_KEY_SIZE];
        public fixed ulong lo_init[2];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct loop_config
    {
        public uint fd;
        public uint block_size;
        public loop_info64 info;
        public fixed ulong __reserved[8];
    }

    /// <summary>The number of a loop device that is free, made if need be; or the negated errno.</summary>
    public static int FindFree(int control) => FileCalls.Errno(ioctl(control, LOOP_CTL_GET_FREE, null));

    /// <summary>Puts an open file behind a loop device, which lets go of it when its last user closes it. 0, or the negated errno.</summary>
    public static int Attach(int loop, int file, string name)
    {
        var config = new loop_config { fd = (uint)file };
        config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
        var text = Encoding.UTF8.GetBytes(name);
        text.AsSpan(0, Math.Min(text.Length, LO_NAME_SIZE - 1)).CopyTo(new Span<byte>(config.info.lo_file_name, LO_NAME_SIZE));
        return FileCalls.Errno(ioctl(loop, LOOP_CONFIGURE, &config));
    }

    /// <summary>Takes over a new length of the file. 0, or the negated errno.</summary>
    public static int Resize(int loop) => FileCalls.Errno(ioctl(loop, LOOP_SET_CAPACITY, null));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int file, nuint request, void* argument);
}
