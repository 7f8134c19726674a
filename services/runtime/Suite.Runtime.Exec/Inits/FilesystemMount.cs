using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>New file systems as mounts that have no path yet (fsopen(2), fsmount(2)).</summary>
internal static unsafe class FilesystemMount
{
    /// <returns>A descriptor of the mount.</returns>
    public static int Create(string type, string source, MountSettings settings, bool readOnlyFilesystem)
    {
        var context = Open(type);
        Set(context, type, "source", source);
        foreach (var option in settings.Data)
        {
            if (option != MountOptions.CopyUp)
                SetOption(context, type, option);
        }

        if (readOnlyFilesystem)
            Set(context, type, "ro", null);
        return Finish(context, type, settings.OfNewMount);
    }

    public static int Open(string type)
    {
        var context = TryOpen(type, out var error);
        return context >= 0 ? context : throw new ErrnoException($"open the file system {type}", error);
    }

    /// <returns>-1, with the reason in <paramref name="error"/>.</returns>
    public static int TryOpen(string type, out int error)
    {
        int context;
        fixed (byte* name = Descriptor.Path(type))
            context = MountCalls.fsopen(name, MountCalls.FSOPEN_CLOEXEC);
        error = context < 0 ? errno : 0;
        return context;
    }

    /// <param name="option"><c>key=value</c>, or a flag.</param>
    public static void SetOption(int context, string type, string option)
    {
        if (option.StartsWith(MountOptions.Label, StringComparison.Ordinal))
            LabelActions.NeedSelinux($"label the files of {type} with {option[MountOptions.Label.Length..]}");
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        Set(context, type, equals < 0 ? option : option[..equals], equals < 0 ? null : option[(equals + 1)..]);
    }

    public static void Set(int context, string type, string key, string? value)
    {
        var error = TrySet(context, key, value);
        if (error != 0)
            throw new ErrnoException($"set the option {key}{(value is null ? "" : "=" + value)} of {type}{Complaint(context)}", error);
    }

    /// <returns>0, or the error number.</returns>
    public static int TrySet(int context, string key, string? value)
    {
        fixed (byte* name = Descriptor.Path(key))
        fixed (byte* text = value is null ? null : Descriptor.Path(value))
            return MountCalls.fsconfig(context, value is null ? MountCalls.FSCONFIG_SET_FLAG : MountCalls.FSCONFIG_SET_STRING, name, text, 0) == 0 ? 0 : errno;
    }

    /// <summary>
    /// Whether the file system knows nothing of the mount API: its context then takes any option, and only its creation says that
    /// one is unknown (fs/fs_context.c; overlay before 6.5). No file system has an option of this name.
    /// </summary>
    public static bool IsLegacy(int context)
    {
        if (TrySet(context, "suite.probe", null) == 0)
            return true;
        // The complaint about the probe is not to be taken for one about what comes next.
        _ = Complaint(context);
        return false;
    }

    public static int Finish(int context, string type, ulong attributes)
    {
        if (MountCalls.fsconfig(context, MountCalls.FSCONFIG_CMD_CREATE, null, null, 0) != 0)
        {
            var error = errno;
            throw new ErrnoException($"create the file system {type}{Complaint(context)}", error);
        }

        var mount = MountCalls.fsmount(context, MountCalls.FSMOUNT_CLOEXEC, (uint)attributes);
        if (mount < 0)
            throw new ErrnoException($"mount {type}", errno);
        Descriptor.Close(context);
        return mount;
    }

    /// <summary>Puts a mount without a path onto an open file or directory.</summary>
    public static void Attach(int mount, int target, string path) => Attach(mount, target, "", path);

    /// <summary>Onto what is in an open directory of ours; where that is a container's, a link could lead out of it.</summary>
    public static void Attach(int mount, int directory, string name, string path)
    {
        fixed (byte* empty = "\0"u8)
        fixed (byte* place = Descriptor.Path(name))
        {
            var flags = MountCalls.MOVE_MOUNT_F_EMPTY_PATH | (name.Length == 0 ? MountCalls.MOVE_MOUNT_T_EMPTY_PATH : 0);
            if (MountCalls.move_mount(mount, empty, directory, place, flags) != 0)
                throw new ErrnoException($"attach the mount to {path}", errno);
        }
    }

    /// <summary>What the file system itself says is wrong: messages are read from its context (fsopen(2)).</summary>
    private static string Complaint(int context)
    {
        Span<byte> buffer = stackalloc byte[512];
        fixed (byte* data = buffer)
        {
            var count = (int)(long)read(context, data, buffer.Length);
            return count > 2 ? $" ({Encoding.UTF8.GetString(buffer[2..count]).TrimEnd()})" : "";
        }
    }
}
