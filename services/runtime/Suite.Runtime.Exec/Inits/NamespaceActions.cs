using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

internal static unsafe class NamespaceActions
{
    /// <summary>In the order in which a process joins them; the mount namespace is last, for /proc is the host's until then.</summary>
    private static readonly (string File, ulong Flag)[] Joined =
    [
        ("cgroup", Sched.CLONE_NEWCGROUP), ("ipc", Sched.CLONE_NEWIPC), ("uts", Sched.CLONE_NEWUTS), ("net", Sched.CLONE_NEWNET),
        ("mnt", Sched.CLONE_NEWNS),
    ];

    public static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case JoinNamespace join:
                Join(join.Path, NamespacePlanner.FlagOf(join.Type));
                break;
            case JoinContainer:
                JoinAll(context.TargetPid);
                context.Root = Descriptor.Open("/", O_PATH | O_DIRECTORY);
                break;
            case SetHostname hostname:
                fixed (byte* name = Descriptor.Path(hostname.Name))
                    Check(sethostname(name, hostname.Name.Length), "set the name of the host");
                break;
            case SetDomainname domain:
                fixed (byte* name = Descriptor.Path(domain.Name))
                    Check(Uts.setdomainname(name, (nuint)domain.Name.Length), "set the domain name");
                break;
            case SetSysctl sysctl:
                PrivateProc.WriteSysctl(sysctl.Name, sysctl.Value);
                break;
        }
    }

    public static void Join(string path, ulong flag)
    {
        var fd = Descriptor.Open(path, O_RDONLY);
        Check(setns(fd, (int)flag), $"join the namespace {path}");
        Descriptor.Close(fd);
    }

    private static void JoinAll(int pid)
    {
        Span<int> files = stackalloc int[Joined.Length];
        for (var i = 0; i < files.Length; i++)
            files[i] = Descriptor.Open($"/proc/{pid}/ns/{Joined[i].File}", O_RDONLY);
        for (var i = 0; i < files.Length; i++)
        {
            Check(setns(files[i], (int)Joined[i].Flag), $"join the {Joined[i].File} namespace of process {pid}");
            Descriptor.Close(files[i]);
        }
    }

    private static void Check(int result, string action)
    {
        if (result != 0)
            throw new ErrnoException(action, errno);
    }
}
