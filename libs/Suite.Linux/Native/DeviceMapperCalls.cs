using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>linux/dm-ioctl.h: the device mapper's one ioctl with many commands, on /dev/mapper/control.</summary>
public static unsafe partial class DeviceMapperCalls
{
    public const int DM_NAME_LEN = 128;
    public const int DM_UUID_LEN = 129;
    public const int DM_MAX_TYPE_NAME = 16;
    public const int DM_VERSION_MAJOR = 4;

    public const uint DM_READONLY_FLAG = 1;
    public const uint DM_SUSPEND_FLAG = 1 << 1;
    public const uint DM_STATUS_TABLE_FLAG = 1 << 4;
    public const uint DM_BUFFER_FULL_FLAG = 1 << 8;
    public const uint DM_NOFLUSH_FLAG = 1 << 11;
    public const uint DM_DEFERRED_REMOVE = 1 << 17;

    // _IOWR(DM_IOCTL, command, struct dm_ioctl)
    public const uint DM_VERSION = 0xC138FD00;
    public const uint DM_LIST_DEVICES = 0xC138FD02;
    public const uint DM_DEV_CREATE = 0xC138FD03;
    public const uint DM_DEV_REMOVE = 0xC138FD04;
    public const uint DM_DEV_SUSPEND = 0xC138FD06;
    public const uint DM_DEV_STATUS = 0xC138FD07;
    public const uint DM_TABLE_LOAD = 0xC138FD09;
    public const uint DM_TABLE_STATUS = 0xC138FD0C;
    public const uint DM_TARGET_MSG = 0xC138FD0E;

    [StructLayout(LayoutKind.Sequential)]
    public struct dm_ioctl
    {
        public fixed uint version[3];
        public uint data_size;
        public uint data_start;
        public uint target_count;
        public int open_count;
        public uint flags;
        public uint event_nr;
        public uint padding;
        public ulong dev;
        public fixed byte name[DM_NAME_LEN];
        public fixed byte uuid[DM_UUID_LEN];
        public fixed byte data[7];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct dm_target_spec
    {
        public ulong sector_start;
        public ulong length;
        public int status;
        public uint next;
        public fixed byte target_type[DM_MAX_TYPE_NAME];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct dm_target_msg
    {
        public ulong sector;
    }

    /// <summary>0, or the negated errno. The kernel writes its answer over the request.</summary>
    public static int Call(int control, uint command, Span<byte> request)
    {
        fixed (byte* data = request) return FileCalls.Errno(ioctl(control, command, data));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int file, nuint request, byte* argument);
}
