using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
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
                Make(device, context);
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

    private static void Make(MakeDevice device, InitContext context)
    {
        if (context.InUserNamespace && device.Type != 'p')
        {
            BindFromHost(device, context.Root);
            return;
        }

        // The directory is opened inside the root first, so that a /dev that is a link cannot lead the node out of it.
        var directory = RootedPath.OpenDirectory(context.Root, RootedPath.Parent(device.Path));
        Make(directory, device);
        Descriptor.Close(directory);
    }

    /// <param name="directory">That of the device's path, open.</param>
    public static void Make(int directory, MakeDevice device)
    {
        var type = device.Type switch { 'c' => 0x2000u, 'b' => 0x6000u, _ => 0x1000u };
        var name = Encoding.UTF8.GetBytes(RootedPath.Name(device.Path));
        // Without umask(2) the mode would be cut; the child's own is set later.
        var before = umask((mode_t)0);
        var made = FileCalls.MknodAt(directory, name, type | device.Mode, FileCalls.MakeDevice(device.Major, device.Minor));
        _ = umask(before);
        if (made is not (0 or -ErrnoNames.EEXIST))
            throw new ErrnoException($"make the device {device.Path}", -made);
        if (made == 0 && (device.Uid != 0 || device.Gid != 0) && FileCalls.ChownAt(directory, name, device.Uid, device.Gid) is < 0 and var refused)
            throw new ErrnoException($"give the device {device.Path} its owner", -refused);
    }

    /// <summary>Nodes are not made in a user namespace (mknod(2), EPERM); the host's own of the same path is shown instead.</summary>
    private static void BindFromHost(MakeDevice device, int root)
    {
        var tree = MountActions.CloneTree(device.Path, recursive: false);
        stat status;
        if (fstat(tree, &status) != 0 || (ulong)status.st_rdev != FileCalls.MakeDevice(device.Major, device.Minor))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{device.Path} of the host is not the device {device.Major}:{device.Minor}, and a container with a user namespace can have no other");
        var target = RootedPath.OpenMountPoint(root, device.Path, directory: false);
        FilesystemMount.Attach(tree, target, device.Path);
        Descriptor.Close(target);
        Descriptor.Close(tree);
    }
}
