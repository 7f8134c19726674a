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
    public static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case JoinNamespace join:
                Join(join.Path, NamespacePlanner.FlagOf(join.Type));
                break;
            case JoinContainer:
                JoinAll(context.TargetPid, context);
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

    /// <summary>All at once, by the process itself (setns(2), 5.8): nothing can be exchanged under us between one and the next.</summary>
    private static void JoinAll(int pid, InitContext context)
    {
        var flags = Sched.CLONE_NEWNS | Sched.CLONE_NEWCGROUP | Sched.CLONE_NEWIPC | Sched.CLONE_NEWUTS | Sched.CLONE_NEWNET;
        if (UserNamespaces.Differs(pid, "time"))
            flags |= Sched.CLONE_NEWTIME;
        context.InUserNamespace = UserNamespaces.Differs(pid, "user");
        if (context.InUserNamespace)
        {
            flags |= Sched.CLONE_NEWUSER;
            UserNamespaces.ShareStreams();
        }

        // Where the mount namespace was there before the container, its root is not the container's.
        var root = context.ChangesRoot ? Descriptor.Open($"/proc/{pid}/root", O_PATH | O_DIRECTORY) : -1;
        Check(setns(context.TargetProcess, (int)flags), $"join the namespaces of process {pid}");
        if (context.InUserNamespace)
            UserNamespaces.BecomeRoot();
        if (root < 0)
            return;
        UnpivotedRoot.ChangeTo(root);
        Descriptor.Close(root);
    }

    private static void Check(int result, string action)
    {
        if (result != 0)
            throw new ErrnoException(action, errno);
    }
}
