using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Inits;

/// <summary>Classes of service of Intel RDT (config-linux.md, IntelRdt; linux/Documentation/filesystems/resctrl.rst).</summary>
internal static class Resctrl
{
    /// <summary>Puts the calling process into a class, and makes that where it is the container's own or has schemata.</summary>
    public static void Enter(ResctrlGroup group) => Enter(Need("leave linux.intelRdt out"), group);

    /// <summary>Writes other schemata to the class of a container that lives.</summary>
    public static void Change(ResctrlGroup group) => Change(Need("leave these schemata out"), group);

    /// <summary>Takes away what was made for a container. Not there is no error.</summary>
    public static void Remove(ResctrlGroup group)
    {
        if (MountPoint() is { } root)
            Remove(root, group);
    }

    internal static void Enter(string root, ResctrlGroup group)
    {
        var folder = root + group.Folder;
        var exists = FileCalls.Stat(System.Text.Encoding.UTF8.GetBytes(folder), followLink: false, out _) == 0;
        if (!exists && !group.Own && group.Schemata.Count == 0)
            throw new SuiteException(ErrorKind.NotFound, $"enter the class of service {group.Name}: it is not there, and linux.intelRdt has no schema to make it with");
        if (exists && !group.Own)
            Compare(folder, group.Schemata);
        else
        {
            Make(root, folder);
            foreach (var line in group.Schemata)
                Write(root, $"{folder}/schemata", line + "\n");
        }

        // 0 is the one who writes.
        Write(root, $"{folder}/tasks", "0");
        if (group.Monitor is not { } monitor)
            return;
        Make(root, $"{folder}/mon_groups/{monitor}");
        Write(root, $"{folder}/mon_groups/{monitor}/tasks", "0");
    }

    internal static void Change(string root, ResctrlGroup group)
    {
        if (!group.Own)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"change the class of service {(group.Name.Length == 0 ? "/" : group.Name)}: it is not the container's alone; who made it may write to {root}{group.Folder}/schemata");
        foreach (var line in group.Schemata)
            Write(root, $"{root}{group.Folder}/schemata", line + "\n");
    }

    internal static void Remove(string root, ResctrlGroup group)
    {
        if (group.Monitor is { } monitor)
            _ = Descriptor.TryRemoveDirectory($"{root}{group.Folder}/mon_groups/{monitor}");
        if (group.Own)
            _ = Descriptor.TryRemoveDirectory(root + group.Folder);
    }

    private static string Need(string otherwise) =>
        MountPoint() ?? throw new SuiteException(ErrorKind.Unsupported, $"use Intel RDT: this host has no resctrl mounted; mount it, or {otherwise}");

    private static string? MountPoint() => MountTable.Find(type => type == "resctrl") is [var first, ..] ? first : null;

    private static void Make(string root, string folder)
    {
        if (Descriptor.TryMakeDirectory(folder, 0x1ed /* 0755 */) is not 0 and var error)
            throw new ErrnoException($"make the folder {folder}{Reason(root)}", error);
    }

    private static void Write(string root, string file, string text)
    {
        if (Descriptor.TryWriteText(file, text) is not 0 and var error)
            throw new ErrnoException($"write \"{text.TrimEnd()}\" to {file}{Reason(root)}", error);
    }

    // The kernel says there why it refused the last write.
    private static string Reason(string root) =>
        Descriptor.TryReadText($"{root}/info/last_cmd_status")?.Trim() is { Length: > 0 } said and not "ok" ? $" ({said})" : "";

    /// <summary>A class that others have made may be used, and is not changed.</summary>
    private static void Compare(string folder, IReadOnlyList<string> wanted)
    {
        if (wanted.Count == 0)
            return;
        var have = Domains((Descriptor.TryReadText($"{folder}/schemata") ?? "").Split('\n'));
        foreach (var (domain, value) in Domains(wanted))
        {
            if (!have.TryGetValue(domain, out var present) || present != value)
                throw new SuiteException(ErrorKind.FailedPrecondition, $"enter the class of service {folder}: it has {domain}={present ?? "nothing"}, and linux.intelRdt wants {value}");
        }
    }

    // L3:0=ff;1=f0, with blanks before and zeros in front as the kernel pads them.
    private static Dictionary<string, string> Domains(IEnumerable<string> lines)
    {
        var domains = new Dictionary<string, string>();
        foreach (var line in lines)
        {
            var parts = line.Split(':', 2);
            foreach (var domain in parts.Length == 2 ? parts[1].Split(';') : [])
            {
                if (domain.Split('=', 2) is [var number, var value])
                    domains[$"{parts[0].Trim()}:{number.Trim()}"] = value.Trim().TrimStart('0').ToLowerInvariant();
            }
        }

        return domains;
    }
}
