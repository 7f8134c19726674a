using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>A file behind a loop device, for as long as this is open or something else has the device open.</summary>
internal sealed class LoopFile : IDisposable
{
    private const int MiscMajor = 10;
    private const int LoopControlMinor = 237; // LOOP_CTRL_MINOR, linux/miscdevice.h
    private const int LoopMajor = 7;
    private const int Attempts = 100;

    private readonly int _loop;

    private LoopFile(string device, int loop) => (Device, _loop) = (device, loop);

    /// <summary>/dev/loopN.</summary>
    public string Device { get; }

    public static LoopFile Attach(string path)
    {
        var control = OpenNode("/dev/loop-control", FileCalls.S_IFCHR, MiscMajor, LoopControlMinor);
        var file = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(path), FileCalls.O_RDWR);
        if (file < 0) throw new ErrnoException($"open {path}", -file);
        try
        {
            for (var tries = 0; tries < Attempts; tries++)
            {
                var number = LoopDeviceCalls.FindFree(control);
                if (number < 0) throw new ErrnoException("find a free loop device", -number);
                var device = $"/dev/loop{number}";
                var loop = OpenNode(device, FileCalls.S_IFBLK, LoopMajor, (uint)number);
                var result = LoopDeviceCalls.Attach(loop, file, path);
                if (result == 0) return new LoopFile(device, loop);
                FileCalls.Close(loop);
                if (result != -ErrnoNames.EBUSY) throw new ErrnoException($"put {path} behind {device}", -result); // EBUSY: another took it
            }

            throw new SuiteException(ErrorKind.Unavailable, $"No loop device stayed free for {path}: try again.");
        }
        finally
        {
            FileCalls.Close(file);
            FileCalls.Close(control);
        }
    }

    /// <summary>Tells a loop device that its file has grown.</summary>
    public static void Resize(string device)
    {
        var loop = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(device), FileCalls.O_RDWR);
        if (loop < 0) throw new ErrnoException($"open {device}", -loop);
        var result = LoopDeviceCalls.Resize(loop);
        FileCalls.Close(loop);
        if (result < 0) throw new ErrnoException($"take over the new length of the file behind {device}", -result);
    }

    public void Dispose() => FileCalls.Close(_loop);

    /// <summary>Opens a device whose node may not have been made; opening it also makes the kernel load its module.</summary>
    private static int OpenNode(string path, uint type, uint major, uint minor)
    {
        var name = Encoding.UTF8.GetBytes(path);
        var node = FileCalls.OpenAt(FileCalls.AT_FDCWD, name, FileCalls.O_RDWR);
        if (node == -ErrnoNames.ENOENT)
        {
            FileCalls.MknodAt(FileCalls.AT_FDCWD, name, type | 0x180, FileCalls.MakeDevice(major, minor));
            node = FileCalls.OpenAt(FileCalls.AT_FDCWD, name, FileCalls.O_RDWR);
        }

        return node >= 0 ? node : throw new ErrnoException($"open {path}", -node);
    }
}
