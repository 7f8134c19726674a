using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Runtime.Exec.Plans;

/// <summary>Reads the options of a mount as mount(8) and config.md name them.</summary>
internal static class MountOptions
{
    internal static readonly (ulong Bit, string Name)[] AttributeNames =
    [
        (MountCalls.MOUNT_ATTR_RDONLY, "ro"),
        (MountCalls.MOUNT_ATTR_NOSUID, "nosuid"),
        (MountCalls.MOUNT_ATTR_NODEV, "nodev"),
        (MountCalls.MOUNT_ATTR_NOEXEC, "noexec"),
        (MountCalls.MOUNT_ATTR_NODIRATIME, "nodiratime"),
        (MountCalls.MOUNT_ATTR_NOSYMFOLLOW, "nosymfollow"),
        (MountCalls.MOUNT_ATTR_NOATIME, "noatime"),
        (MountCalls.MOUNT_ATTR_STRICTATIME, "strictatime"),
    ];

    private static readonly (uint Flag, string Name)[] Propagations =
    [
        (MountCalls.MS_PRIVATE, "private"),
        (MountCalls.MS_SHARED, "shared"),
        (MountCalls.MS_SLAVE, "slave"),
        (MountCalls.MS_UNBINDABLE, "unbindable"),
    ];

    public static string PropagationName(uint flags)
    {
        foreach (var (flag, name) in Propagations)
        {
            if ((flags & flag) != 0)
                return (flags & MountCalls.MS_REC) != 0 ? "r" + name : name;
        }

        return "";
    }

    /// <returns>0 for a name that is none.</returns>
    public static uint Propagation(string name)
    {
        foreach (var (flag, known) in Propagations)
        {
            if (name == known)
                return flag;
            if (name.Length == known.Length + 1 && name[0] == 'r' && name.EndsWith(known, StringComparison.Ordinal))
                return flag | MountCalls.MS_REC;
        }

        return 0;
    }

    /// <summary>The SELinux context of all files of a file system (mount(8)).</summary>
    public const string Label = "context=";

    /// <summary>Our own: only this directory or file of a new file system is seen. There is no mount(2) of a part of a device.</summary>
    public const string Part = "suite.part=";

    /// <summary>Not for the file system: a tmpfs begins with what is at its place.</summary>
    public const string CopyUp = "tmpcopyup";

    /// <param name="options">As config.md has them for mounts.</param>
    /// <param name="field">Where they stand, for the sentence about a wrong one.</param>
    /// <param name="bind">Whether <c>bind</c> or <c>rbind</c> was among them.</param>
    /// <param name="recursive">Whether it was <c>rbind</c>.</param>
    public static MountSettings Parse(IEnumerable<string> options, string field, out bool bind, out bool recursive)
    {
        ulong set = 0, clear = 0, recursiveSet = 0, recursiveClear = 0;
        uint propagation = 0;
        var data = new List<string>();
        var (ids, part) = (MountIds.None, "");
        bind = recursive = false;
        foreach (var option in options)
        {
            if (option is "" or "defaults")
                continue;
            if (option is "bind" or "rbind")
            {
                bind = true;
                recursive |= option == "rbind";
            }
            else if (option is "idmap" or "ridmap")
                ids = new MountIds(OfContainer: true, null, option == "ridmap");
            else if (option.StartsWith(Part, StringComparison.Ordinal))
                part = Names.CheckAbsolute(option[Part.Length..], $"{field}.options: {Part}");
            else if (Propagation(option) is var flags and not 0)
                propagation = flags;
            else if (Attribute(option, out var toSet, out var toClear))
                (set, clear) = ((set & ~toClear) | toSet, (clear & ~toSet) | toClear);
            else if (option[0] == 'r' && Attribute(option[1..], out toSet, out toClear))
                (recursiveSet, recursiveClear) = ((recursiveSet & ~toClear) | toSet, (recursiveClear & ~toSet) | toClear);
            else
                data.Add(option);
        }

        return new MountSettings(set, clear, recursiveSet, recursiveClear, propagation, data) { Ids = ids, Part = part };
    }

    private static bool Attribute(string option, out ulong set, out ulong clear)
    {
        (set, clear) = option switch
        {
            "ro" => (MountCalls.MOUNT_ATTR_RDONLY, 0UL),
            "rw" => (0UL, (ulong)MountCalls.MOUNT_ATTR_RDONLY),
            "nosuid" => (MountCalls.MOUNT_ATTR_NOSUID, 0UL),
            "suid" => (0UL, (ulong)MountCalls.MOUNT_ATTR_NOSUID),
            "nodev" => (MountCalls.MOUNT_ATTR_NODEV, 0UL),
            "dev" => (0UL, (ulong)MountCalls.MOUNT_ATTR_NODEV),
            "noexec" => (MountCalls.MOUNT_ATTR_NOEXEC, 0UL),
            "exec" => (0UL, (ulong)MountCalls.MOUNT_ATTR_NOEXEC),
            "nodiratime" => (MountCalls.MOUNT_ATTR_NODIRATIME, 0UL),
            "diratime" => (0UL, (ulong)MountCalls.MOUNT_ATTR_NODIRATIME),
            "nosymfollow" => (MountCalls.MOUNT_ATTR_NOSYMFOLLOW, 0UL),
            "symfollow" => (0UL, (ulong)MountCalls.MOUNT_ATTR_NOSYMFOLLOW),
            // mount_setattr(2): a time setting replaces another, so the whole field is cleared with it. relatime is its zero.
            "noatime" => (MountCalls.MOUNT_ATTR_NOATIME, (ulong)MountCalls.MOUNT_ATTR__ATIME),
            "strictatime" => (MountCalls.MOUNT_ATTR_STRICTATIME, (ulong)MountCalls.MOUNT_ATTR__ATIME),
            "relatime" or "atime" or "norelatime" or "nostrictatime" => (0UL, (ulong)MountCalls.MOUNT_ATTR__ATIME),
            _ => (0UL, 0UL),
        };
        return (set | clear) != 0;
    }
}
