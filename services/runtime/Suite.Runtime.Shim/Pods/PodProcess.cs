using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Shim.Loops;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>
/// Process 1 of a pid namespace that the pod's containers share: <see cref="PodProgram"/>, as nobody, in an empty root, so that
/// there is nothing to be had from it by a container with rights over other processes.
/// </summary>
internal sealed unsafe class PodProcess
{
    private const uint Nobody = 65534;

    private readonly ChildReaper _reaper;
    private int _pid;

    private PodProcess(ChildReaper reaper, int pid)
    {
        _reaper = reaper;
        _pid = pid;
        reaper.Expect(pid, _ => _pid = 0);
    }

    public static PodProcess Start(PodPlan pod, ChildReaper reaper)
    {
        var ends = stackalloc int[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
            throw new ErrnoException("make the socket to the pod's process 1", errno);
        var owned = pod.UidMappings.Count > 0;
        // A pid namespace belongs to the user namespace of who makes it; without the pod's its /proc could not be mounted.
        var arguments = new Sched.clone_args { flags = owned ? 0 : Sched.CLONE_NEWPID | Sched.CLONE_NEWNS, exit_signal = (ulong)SIGCHLD };
        var program = PodProgram.Open();
        var pid = Sched.clone3(&arguments);
        if (pid == 0)
        {
            Descriptor.Close(ends[0]);
            Become(pod, owned, program, ends[1]);
        }

        Descriptor.Close(ends[1]);
        Descriptor.Close(program);
        if (pid < 0)
            throw new ErrnoException("make the pod's process 1", errno);
        if (owned)
            pid = Successor.Await(pid, ends[0]);
        AwaitProgram(pid, ends[0]);
        var process = new PodProcess(reaper, pid);
        NamespaceFiles.Bind(pod, "pid", $"/proc/{pid}/ns/pid");
        return process;
    }

    /// <summary>Ends it and with it everything that is left in the namespace; waits until it is gone.</summary>
    public void End()
    {
        if (_pid == 0)
            return;
        _ = kill(_pid, SIGKILL);
        _reaper.WaitFor(_pid);
        _pid = 0;
    }

    private static void Become(PodPlan pod, bool owned, int program, int report)
    {
        try
        {
            _ = Prctl.prctl(Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0);
            // Any directory will do; the pod's own only the host's root may enter.
            fixed (byte* root = Descriptor.Path(owned ? "/" : pod.RootPath))
                _ = chdir(root);
            if (owned)
                UserActions.EnterForPod(pod.UserNamespacePath, Sched.CLONE_NEWPID | Sched.CLONE_NEWNS, report);
            EmptyRoot(owned);
            ContainerInit.ResetSignals();
            Signals.Ignore(SIGCHLD);
            _ = Credentials.SetGroups([]);
            // Where nobody is not mapped it stays the user namespace's root, who is nobody on the host.
            if (Credentials.SetGroup(Nobody) == 0)
                _ = Credentials.SetUser(Nobody);
            _ = Prctl.prctl(Prctl.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            _ = Prctl.prctl(Prctl.PR_SET_PDEATHSIG, (nuint)SIGKILL, 0, 0, 0);
            // All that is open would be seen in its /proc/1/fd.
            _ = CloseRange.close_range(0, uint.MaxValue, (int)CloseRange.CLOSE_RANGE_CLOEXEC);
            PodProgram.Execute(program);
        }
        catch (SuiteException failure)
        {
            InitReport.Send(report, failure);
        }

        _exit(128);
    }

    private static void EmptyRoot(bool owned)
    {
        if (!owned)
        {
            fixed (byte* root = "/\0"u8)
                _ = mount(null, root, null, MountCalls.MS_SLAVE | MountCalls.MS_REC, null);
        }

        var settings = new MountSettings(MountCalls.MOUNT_ATTR_RDONLY | MountCalls.MOUNT_ATTR_NOSUID | MountCalls.MOUNT_ATTR_NODEV, 0, 0, 0, 0, ["nr_inodes=1", "mode=555"]);
        var tmpfs = FilesystemMount.Create("tmpfs", "tmpfs", settings, readOnlyFilesystem: true);
        var target = Descriptor.Open(".", O_PATH | O_DIRECTORY);
        FilesystemMount.Attach(tmpfs, target, "the pod's root");
        fixed (byte* here = ".\0"u8)
        {
            if (fchdir(tmpfs) != 0 || MountCalls.pivot_root(here, here) != 0 || umount2(here, MountCalls.MNT_DETACH) != 0)
                throw new ErrnoException("empty the root of the pod's process 1", errno);
        }

        Descriptor.Close(target);
        Descriptor.Close(tmpfs);
    }

    private static void AwaitProgram(int pid, int report)
    {
        var message = stackalloc byte[InitReport.MaxSize];
        long count;
        while ((count = (long)recv(report, message, InitReport.MaxSize, 0)) < 0 && errno == ErrnoNames.EINTR)
        {
        }

        Descriptor.Close(report);
        if (count <= 0)
            return;
        int status;
        _ = Wait.waitpid(pid, &status, Wait.__WALL);
        var failure = InitReport.Read(new ReadOnlySpan<byte>(message, (int)count));
        throw new SuiteException(failure.Kind, failure.Message);
    }
}
