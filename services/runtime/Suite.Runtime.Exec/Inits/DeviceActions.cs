using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

internal static unsafe class DeviceActions
{
    public static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case MakeDevice device:
                Make(device, context.Root);
                break;
            case MakeLink link:
                var directory = RootedPath.OpenDirectory(context.Root, RootedPath.Parent(link.Path));
                Link(directory, RootedPath.Name(link.Path), link.Target);
                Descriptor.Close(directory);
                break;
            case MakeDirectory make:
                Descriptor.Close(RootedPath.OpenDirectory(context.Root, make.Path));
                break;
        }
    }

    /// <summary>What is there already, an image's own link say, stays.</summary>
    public static void Link(int directory, string name, string target)
    {
        fixed (byte* from = Descriptor.Path(name))
        fixed (byte* to = Descriptor.Path(target))
        {
            if (symlinkat(to, directory, from) != 0 && errno != ErrnoNames.EEXIST)
                throw new ErrnoException($"link {name} to {target}", errno);
        }
    }

    private static void Make(MakeDevice device, int root)
    {
        // The directory is opened inside the root first, so that a /dev that is a link cannot lead the node out of it.
        var directory = RootedPath.OpenDirectory(root, RootedPath.Parent(device.Path));
        var type = device.Type switch { 'c' => 0x2000u, 'b' => 0x6000u, _ => 0x1000u };
        fixed (byte* name = Descriptor.Path(RootedPath.Name(device.Path)))
        {
            // Without umask(2) the mode would be cut; the child's own is set later.
            var before = umask((mode_t)0);
            var made = mknodat(directory, name, (mode_t)(type | device.Mode), (dev_t)Number(device.Major, device.Minor)) == 0;
            var error = made ? 0 : errno;
            _ = umask(before);
            if (!made && error != ErrnoNames.EEXIST)
                throw new ErrnoException($"make the device {device.Path}", error);
            if (made && (device.Uid != 0 || device.Gid != 0) && Linux.Native.FileOwner.fchownat(directory, name, device.Uid, device.Gid, AT_SYMLINK_NOFOLLOW) != 0)
                throw new ErrnoException($"give the device {device.Path} its owner", errno);
        }

        Descriptor.Close(directory);
    }

    /// <summary>makedev(3), as glibc and the kernel lay it out.</summary>
    internal static ulong Number(uint major, uint minor) =>
        ((ulong)(major & 0xfffff000) << 32) | ((major & 0xfff) << 8) | ((ulong)(minor & 0xffffff00) << 12) | (minor & 0xff);
}
