using System.Runtime.InteropServices;
using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Linux.Mounts;

/// <summary>
/// A file system that is mounted nowhere: only this descriptor leads into it (fsmount(2), Linux 5.2). Nobody else sees it, no process
/// started meanwhile keeps it, and it ends with the descriptor, also when the process is killed.
/// </summary>
public sealed unsafe class DetachedMount : IDisposable
{
    private readonly int _mount;
    private int _root;

    private DetachedMount(int mount, int root) => (_mount, _root) = (mount, root);

    /// <summary>Its root, open as a directory.</summary>
    public int Descriptor => _root;

    /// <summary>A path to its root, valid in this process while this is open.</summary>
    public string Path => $"/proc/self/fd/{_root}/.";

    /// <param name="type">As mount(2) has it.</param>
    /// <param name="source">A device.</param>
    /// <param name="options">The file system's own, <c>key=value</c> or a flag.</param>
    public static DetachedMount Open(string type, string source, IEnumerable<string> options, bool readOnly)
    {
        int context;
        fixed (byte* name = Zero(type)) context = MountCalls.fsopen(name, MountCalls.FSOPEN_CLOEXEC);
        if (context < 0) throw new ErrnoException($"open the file system {type}", Marshal.GetLastPInvokeError());
        try
        {
            Set(context, "source", source);
            foreach (var option in options)
            {
                var equals = option.IndexOf('=', StringComparison.Ordinal);
                Set(context, equals < 0 ? option : option[..equals], equals < 0 ? null : option[(equals + 1)..]);
            }

            if (readOnly) Set(context, "ro", null);
            if (MountCalls.fsconfig(context, MountCalls.FSCONFIG_CMD_CREATE, null, null, 0) != 0)
                throw new ErrnoException($"mount the {type} of {source}", Marshal.GetLastPInvokeError());
            var mount = MountCalls.fsmount(context, MountCalls.FSMOUNT_CLOEXEC, readOnly ? MountCalls.MOUNT_ATTR_RDONLY : 0);
            if (mount < 0) throw new ErrnoException($"mount the {type} of {source}", Marshal.GetLastPInvokeError());
            // fsmount's own descriptor is of the kind O_PATH, through which nothing is read; but it is the one that keeps the mount.
            var root = FileCalls.OpenAt(mount, "."u8, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
            if (root >= 0) return new DetachedMount(mount, root);
            FileCalls.Close(mount);
            throw new ErrnoException($"open the root of {source}", -root);
        }
        finally
        {
            FileCalls.Close(context);
        }
    }

    public void Dispose()
    {
        if (_root < 0) return;
        FileCalls.Close(_root);
        FileCalls.Close(_mount);
        _root = -1;
    }

    private static void Set(int context, string key, string? value)
    {
        fixed (byte* name = Zero(key), text = value is null ? null : Zero(value))
        {
            var command = value is null ? MountCalls.FSCONFIG_SET_FLAG : MountCalls.FSCONFIG_SET_STRING;
            if (MountCalls.fsconfig(context, command, name, text, 0) != 0)
                throw new ErrnoException($"set the option {key}{(value is null ? "" : "=" + value)} of a file system", Marshal.GetLastPInvokeError());
        }
    }

    private static byte[] Zero(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
