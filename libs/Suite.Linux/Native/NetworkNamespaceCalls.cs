using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Native;

/// <summary>The few calls that make, enter and name a network namespace (unshare(2), setns(2), mount(2)).</summary>
internal static unsafe class NetworkNamespaceCalls
{
    /// <summary>Moves the calling thread into a network namespace of its own.</summary>
    public static void Unshare()
    {
        if (unshare((int)Sched.CLONE_NEWNET) != 0)
        {
            throw new ErrnoException("unshare a network namespace", errno);
        }
    }

    /// <summary>Moves the calling thread into <paramref name="handle"/>'s namespace.</summary>
    public static void Enter(SafeFileHandle handle, string name)
    {
        if (setns((int)handle.DangerousGetHandle(), (int)Sched.CLONE_NEWNET) != 0)
        {
            throw new ErrnoException($"enter the network namespace {name}", errno);
        }
    }

    public static SafeFileHandle Open(string path)
    {
        var fd = Descriptor.TryOpen(path, O_RDONLY, 0, out var error);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new ErrnoException($"open the network namespace {path}", error);
    }

    public static void Bind(string source, string target)
    {
        fixed (byte* s = Descriptor.Path(source), t = Descriptor.Path(target))
        {
            if (mount(s, t, null, MountCalls.MS_BIND, null) != 0)
            {
                throw new ErrnoException($"bind the network namespace to {target}", errno);
            }
        }
    }

    /// <returns>0 or errno: a target that is no mount point is EINVAL.</returns>
    public static int Detach(string target)
    {
        fixed (byte* t = Descriptor.Path(target))
        {
            return umount2(t, MountCalls.MNT_DETACH) == 0 ? 0 : errno;
        }
    }

    /// <summary>Device and inode: what tells one namespace from another, and from an ordinary file (namespaces(7)).</summary>
    public static (ulong Device, ulong Inode) Identity(SafeFileHandle handle)
    {
        stat status;
        if (fstat((int)handle.DangerousGetHandle(), &status) != 0)
        {
            throw new ErrnoException("fstat a network namespace", errno);
        }

        return ((ulong)status.st_dev, (ulong)status.st_ino);
    }
}
