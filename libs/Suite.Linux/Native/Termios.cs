using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

#pragma warning disable CS8981 // The structs keep the spelling of the header.

/// <summary>termios(3) and the window size of ioctl_tty(2).</summary>
internal static unsafe partial class Termios
{
    public const int TCSADRAIN = 1;
    public const nuint TIOCGWINSZ = 0x5413;

    private const string LibC = "libc";

    /// <summary>struct termios as glibc has it: bits/termios-struct.h, 60 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct termios
    {
        public uint c_iflag;
        public uint c_oflag;
        public uint c_cflag;
        public uint c_lflag;
        public byte c_line;
        public fixed byte c_cc[32];
        public uint c_ispeed;
        public uint c_ospeed;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct winsize
    {
        public ushort ws_row;
        public ushort ws_col;
        public ushort ws_xpixel;
        public ushort ws_ypixel;
    }

    [LibraryImport(LibC, SetLastError = true)]
    public static partial int tcgetattr(int fd, out termios state);

    [LibraryImport(LibC, SetLastError = true)]
    public static partial int tcsetattr(int fd, int actions, in termios state);

    [LibraryImport(LibC)]
    public static partial void cfmakeraw(ref termios state);

    // ioctl is variadic; on x86-64 and arm64 Linux a third pointer argument travels as in a fixed signature.
    [LibraryImport(LibC, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int ioctl_winsize(int fd, nuint request, out winsize size);
}
