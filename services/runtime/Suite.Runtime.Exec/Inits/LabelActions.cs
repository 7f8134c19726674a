using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// Labels of security modules take effect with the next execve; they are asked for in /proc/self/attr (proc_pid_attr(5)), through
/// a procfs of our own: an image's would take the label and do nothing (CVE-2025-52881).
/// </summary>
internal static class LabelActions
{
    public static void Take(SetSecurityLabel step)
    {
        var proc = FilesystemMount.Create("proc", "proc", MountSettings.None, readOnlyFilesystem: false);
        var error = step.Module == "apparmor" ? Confine(proc, step.Label) : Label(proc, step.Label);
        Descriptor.Close(proc);
        if (error != 0)
            throw new ErrnoException($"label the program with {step.Label}", error);
    }

    /// <summary>Refuses what only SELinux can do where the kernel has none that is active.</summary>
    public static void NeedSelinux(string what)
    {
        var proc = PrivateProc.Open();
        NeedSelinux(what, proc);
        Descriptor.Close(proc);
    }

    private static void NeedSelinux(string what, int proc)
    {
        var filesystems = RootedPath.Open(proc, "filesystems", O_RDONLY, out _);
        var active = filesystems >= 0 && Descriptor.ReadText(filesystems).Contains("\tselinuxfs\n", StringComparison.Ordinal);
        Descriptor.Close(filesystems);
        if (!active)
            throw new SuiteException(ErrorKind.Unsupported, $"{what}: this kernel has no active SELinux; leave the label out");
    }

    private static int Confine(int proc, string profile)
    {
        // A kernel with several modules has a folder for AppArmor (5.1).
        var fd = RootedPath.Open(proc, "thread-self/attr/apparmor/exec", O_WRONLY, out var error);
        if (fd < 0 && profile == "unconfined")
            return 0;
        if (fd < 0)
            throw new SuiteException(ErrorKind.Unsupported, $"confine the program with the AppArmor profile {profile}: this kernel has no active AppArmor; leave the profile out");

        error = Descriptor.TryWrite(fd, $"exec {profile}");
        Descriptor.Close(fd);
        return error is ErrnoNames.ENOENT
            ? throw new SuiteException(ErrorKind.FailedPrecondition, $"confine the program with the AppArmor profile {profile}: it is not loaded; load it with apparmor_parser(8)")
            : error;
    }

    private static int Label(int proc, string label)
    {
        NeedSelinux($"label the program with {label}", proc);
        var fd = RootedPath.Open(proc, "thread-self/attr/exec", O_WRONLY, out var error);
        if (fd < 0)
            return error;
        error = Descriptor.TryWrite(fd, label);
        Descriptor.Close(fd);
        return error is ErrnoNames.EINVAL
            ? throw new SuiteException(ErrorKind.FailedPrecondition, $"label the program with {label}: the policy that is loaded has no such label; load one that has it, or leave the label out")
            : error;
    }
}
