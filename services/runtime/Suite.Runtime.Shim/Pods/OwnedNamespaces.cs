using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>
/// The pod's user namespace and those it owns. The shim itself stays a user of the host: its process has threads of the runtime,
/// and setns(2) lets none such change its user namespace. Into the others it goes, and its containers inherit them.
/// </summary>
internal sealed class OwnedNamespaces
{
    private readonly int[] _descriptors;

    private OwnedNamespaces(int[] descriptors)
    {
        _descriptors = descriptors;
    }

    /// <returns>Null for a pod of the host's users.</returns>
    public static OwnedNamespaces? Make(PodPlan pod)
    {
        if (pod.UidMappings.Count == 0)
            return null;
        List<string> files = ["user"];
        var others = 0UL;
        foreach (var (wanted, file, flag) in ((bool, string, ulong)[])[(!pod.HostIpc, "ipc", Sched.CLONE_NEWIPC), (!pod.HostUts, "uts", Sched.CLONE_NEWUTS), (pod.OwnNetwork, "net", Sched.CLONE_NEWNET)])
        {
            if (!wanted)
                continue;
            files.Add(file);
            others |= flag;
        }

        return new OwnedNamespaces(UserNamespaces.Make(new IdentityMap(pod.UidMappings, pod.GidMappings), others, files.ToArray()));
    }

    /// <summary>Goes into all but the user namespace, and gives that one a path.</summary>
    public void Enter(PodPlan pod)
    {
        foreach (var descriptor in _descriptors.AsSpan(1))
        {
            if (setns(descriptor, 0) != 0)
                throw new ErrnoException("enter a namespace of the pod's user namespace", errno);
            Descriptor.Close(descriptor);
        }

        NamespaceFiles.Bind(pod, "user", $"/proc/self/fd/{_descriptors[0]}");
        Descriptor.Close(_descriptors[0]);
    }

    /// <summary>
    /// By a child that is root of the user namespace: settings of System V IPC are its owner's, and no capability of the host's
    /// root makes up for that (ipc/ipc_sysctl.c, ipc_permissions).
    /// </summary>
    public static unsafe void WriteSysctls(PodPlan pod)
    {
        // Of a network that was made on the host the host's root is the owner, and has set them.
        var sysctls = pod.Sysctls.Where(pair => pod.OwnNetwork || !Sysctls.IsOfNetwork(pair.Key)).ToArray();
        if (sysctls.Length == 0)
            return;

        var ends = stackalloc int[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
            throw new ErrnoException("make a socket", errno);
        // The files show the namespaces of who opens them; a procfs of its own the child could not mount.
        var proc = PrivateProc.Open();
        var arguments = new Sched.clone_args { exit_signal = (ulong)SIGCHLD };
        var pid = Sched.clone3(&arguments);
        if (pid == 0)
            Write(pod, sysctls, proc, ends[1]);

        Descriptor.Close(ends[1]);
        Descriptor.Close(proc);
        var message = stackalloc byte[InitReport.MaxSize];
        var count = (long)recv(ends[0], message, InitReport.MaxSize, 0);
        Descriptor.Close(ends[0]);
        int status;
        while (pid > 0 && Wait.waitpid(pid, &status, Wait.__WALL) < 0 && errno == ErrnoNames.EINTR)
        {
        }

        if (count <= 0)
            return;
        var failure = InitReport.Read(new ReadOnlySpan<byte>(message, (int)count));
        throw new SuiteException(failure.Kind, failure.Message);
    }

    private static void Write(PodPlan pod, IReadOnlyList<KeyValuePair<string, string>> sysctls, int proc, int report)
    {
        try
        {
            var users = Descriptor.Open(pod.UserNamespacePath, O_RDONLY);
            if (setns(users, (int)Sched.CLONE_NEWUSER) != 0)
                throw new ErrnoException("enter the pod's user namespace", errno);
            UserNamespaces.BecomeRoot();
            foreach (var (name, value) in sysctls)
                PrivateProc.WriteSysctl(proc, name, value);
        }
        catch (SuiteException failure)
        {
            InitReport.Send(report, failure);
        }

        _exit(0);
    }
}
