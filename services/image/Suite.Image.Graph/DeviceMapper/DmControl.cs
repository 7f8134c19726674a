using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>The device mapper, spoken to without libdevmapper, dmsetup or udev: an ioctl takes microseconds, a program milliseconds.</summary>
internal sealed class DmControl : IDisposable
{
    private const string Folder = "/dev/mapper";
    private const int MiscMajor = 10;
    private const int MapperMinor = 236; // MAPPER_CTRL_MINOR, linux/miscdevice.h
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly int _control;

    public DmControl()
    {
        Directory.CreateDirectory(Folder);
        var path = Encoding.UTF8.GetBytes(Folder + "/control");
        // Where there is no udev nobody makes the node; opening it is also what makes the kernel load the module.
        if (!File.Exists(Folder + "/control"))
            FileCalls.MknodAt(FileCalls.AT_FDCWD, path, FileCalls.S_IFCHR | 0x180, FileCalls.MakeDevice(MiscMajor, MapperMinor));
        _control = FileCalls.OpenAt(FileCalls.AT_FDCWD, path, FileCalls.O_RDWR);
        if (_control < 0)
            throw new SuiteException(
                ErrorKind.Unsupported,
                $"The graph driver devicemapper needs the kernel's device mapper, and {Folder}/control says {ErrnoNames.Describe(-_control)}: load dm_thin_pool, or use the driver overlay.");
    }

    public static string PathOf(string name) => $"{Folder}/{name}";

    public void Dispose() => FileCalls.Close(_control);

    /// <summary>Makes a device with one target and starts it. A device of that name is an error (EBUSY).</summary>
    public void Create(string name, ulong sectors, string target, string parameters, bool readOnly = false)
    {
        Check("make the device", name, Call(DeviceMapperCalls.DM_DEV_CREATE, DmRequest.Plain(name, uuid: "SUITE-" + name)));
        try
        {
            Load(name, sectors, target, parameters, readOnly);
            Resume(name);
        }
        catch
        {
            Remove(name);
            throw;
        }
    }

    /// <summary>Gives a device a table, which counts from the next <see cref="Resume"/>.</summary>
    public void Load(string name, ulong sectors, string target, string parameters, bool readOnly = false) =>
        Check($"load the table '{target} {parameters}' into", name, Call(DeviceMapperCalls.DM_TABLE_LOAD, DmRequest.Table(name, sectors, target, parameters, readOnly)));

    public void Suspend(string name) =>
        Check("suspend", name, Call(DeviceMapperCalls.DM_DEV_SUSPEND, DmRequest.Plain(name, DeviceMapperCalls.DM_SUSPEND_FLAG)));

    public void Resume(string name)
    {
        var request = DmRequest.Plain(name);
        Check("resume", name, Call(DeviceMapperCalls.DM_DEV_SUSPEND, request));
        MakeNode(name, DmRequest.Device(request));
    }

    /// <summary>Removes a device. False when it is in use: then the kernel removes it when its last user goes. No device is no error.</summary>
    public bool Remove(string name)
    {
        var result = 0;
        for (var tries = 0; tries < 5; tries++)
        {
            result = Call(DeviceMapperCalls.DM_DEV_REMOVE, DmRequest.Plain(name));
            if (result != -ErrnoNames.EBUSY) break;
            Thread.Sleep(Patience); // udev, or a mount that ends at this moment
        }

        if (result == -ErrnoNames.EBUSY)
        {
            result = Call(DeviceMapperCalls.DM_DEV_REMOVE, DmRequest.Plain(name, DeviceMapperCalls.DM_DEFERRED_REMOVE));
            if (result != -ErrnoNames.ENXIO) Check("remove", name, result);
            return false;
        }

        if (result != -ErrnoNames.ENXIO) Check("remove", name, result);
        FileCalls.UnlinkAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(PathOf(name)));
        return true;
    }

    public bool Exists(string name) => Find(name) is not null;

    /// <summary>Who has it open; null when there is no such device.</summary>
    public int? OpenCount(string name) => Find(name) is { } answer ? DmRequest.OpenCount(answer) : null;

    /// <summary>A device that is active has its node, also when that was lost.</summary>
    public void EnsureNode(string name)
    {
        if (Find(name) is { } answer) MakeNode(name, DmRequest.Device(answer));
    }

    /// <summary>The status line of the device's target.</summary>
    /// <param name="flush">Whether a pool first writes its metadata down, so that the figures are those of this moment.</param>
    public string Status(string name, bool flush = false)
    {
        var request = DmRequest.Plain(name, flush ? 0 : DeviceMapperCalls.DM_NOFLUSH_FLAG);
        Check("read the status of", name, Call(DeviceMapperCalls.DM_TABLE_STATUS, request));
        return DmRequest.Status(request);
    }

    /// <summary>The table line of the device's target.</summary>
    public string Table(string name)
    {
        var request = DmRequest.Plain(name, DeviceMapperCalls.DM_STATUS_TABLE_FLAG);
        Check("read the table of", name, Call(DeviceMapperCalls.DM_TABLE_STATUS, request));
        return DmRequest.Status(request);
    }

    /// <summary>0, or the negated errno.</summary>
    public int Message(string name, string message) => Call(DeviceMapperCalls.DM_TARGET_MSG, DmRequest.Message(name, message));

    public static void Check(string action, string name, int result)
    {
        if (result < 0) throw new ErrnoException($"{action} {name}", -result);
    }

    private byte[]? Find(string name)
    {
        var request = DmRequest.Plain(name);
        var result = Call(DeviceMapperCalls.DM_DEV_STATUS, request);
        if (result == -ErrnoNames.ENXIO) return null;
        Check("look for", name, result);
        return request;
    }

    private int Call(uint command, byte[] request) => DeviceMapperCalls.Call(_control, command, request);

    /// <summary>As udev would, if it is there: a node or a link of the device's name. One of another device was left by a crash.</summary>
    private static void MakeNode(string name, ulong device)
    {
        var path = Encoding.UTF8.GetBytes(PathOf(name));
        // dm_ioctl.dev is packed as the kernel packs it (huge_encode_dev).
        var (major, minor) = ((uint)((device >> 8) & 0xFFF), (uint)((device & 0xFF) | ((device >> 12) & 0xFFF00)));
        if (FileCalls.Stat(path, followLink: true, out var status) == 0 && status.Type == FileCalls.S_IFBLK && (status.DeviceMajor, status.DeviceMinor) == (major, minor)) return;
        FileCalls.UnlinkAt(FileCalls.AT_FDCWD, path);
        var made = FileCalls.MknodAt(FileCalls.AT_FDCWD, path, FileCalls.S_IFBLK | 0x180, FileCalls.MakeDevice(major, minor));
        if (made != -ErrnoNames.EEXIST) Check("make the node of", name, made); // udev was quicker
    }
}
