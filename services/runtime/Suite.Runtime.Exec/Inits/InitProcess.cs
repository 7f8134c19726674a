using System.Runtime.InteropServices;
using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// A child that is making itself into a container's process. May be started only by a process whose managed code runs on one
/// thread: the child is a copy of it as it stands.
/// </summary>
/// <param name="Pid">Child of this process; the caller waits for it.</param>
/// <param name="Report">Messages of the init; the end of it is the exec.</param>
internal readonly unsafe record struct InitProcess(int Pid, int Report)
{
    /// <summary>
    /// The mount namespace in which a mount is shared with the host: that of this process as it was born, and set by a process
    /// that has left it since.
    /// </summary>
    public static int HostMounts { get; set; } = -1;

    /// <param name="steps">Of <see cref="PlanCodec"/>, after the clone request.</param>
    /// <param name="streams">Standard input, output, error; -1 for those that a terminal replaces.</param>
    /// <param name="targetPid">The process whose namespaces a further process joins; 0 for a container's first.</param>
    /// <param name="leave">For an init that outlives its starter; null: it dies with it.</param>
    /// <param name="ready">The request's cgroup, where it has been made; the caller closes it.</param>
    public static InitProcess Start(
        CgroupHost host, CloneRequest request, WireReader steps, ReadOnlySpan<int> streams, int targetPid, InitLeave? leave = null, ReadyCgroup? ready = null)
    {
        var init = CloneInit(host, request, targetPid, leave, ready, awaitsPlan: false, out var child);
        if (child is not null)
            ContainerInit.Run(child, steps, streams);
        return request.HasSuccessor ? init with { Pid = Successor.Await(init.Pid, init.Report) } : init;
    }

    /// <summary>For a container that will come: <see cref="PlanDelivery"/> brings its plan. A death of who started it is its own.</summary>
    /// <param name="request">One that <see cref="CloneRequest.MayBeginAhead"/>.</param>
    /// <param name="steps">Of <see cref="HeadStartPlanner"/>.</param>
    /// <param name="ready">The caller closes it.</param>
    public static InitProcess StartAhead(CgroupHost host, CloneRequest request, WireReader steps, ReadyCgroup ready)
    {
        var init = CloneInit(host, request, targetPid: 0, leave: null, ready, awaitsPlan: true, out var child);
        if (child is not null)
            ContainerInit.Run(child, steps, []);
        return init;
    }

    /// <param name="child">In the child: what it is born with. Otherwise null.</param>
    private static InitProcess CloneInit(
        CgroupHost host, CloneRequest request, int targetPid, InitLeave? leave, ReadyCgroup? ready, bool awaitsPlan, out InitContext? child)
    {
        child = null;
        if (HostMounts < 0)
            HostMounts = Descriptor.Open("/proc/self/ns/mnt", O_RDONLY);
        var cgroup = new Cgroup(host, request.CgroupPath);
        var intoCgroup = -1;
        if (host.Unified is { } unified && request.Bundle is null)
        {
            if (ready is null)
                cgroup.MakeIn(unified);
            if (!request.MountsDevices)
                intoCgroup = ready?.TakeUnified() ?? Descriptor.Open(unified.PathOf(request.CgroupPath), O_RDONLY | O_DIRECTORY);
        }

        var ends = stackalloc int[2];
        Check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "make the socket to the init");
        var pidNamespace = request.PidNamespace ?? (targetPid == 0 ? null : $"/proc/{targetPid}/ns/pid");
        int pid, target = -1;
        try
        {
            target = targetPid == 0 ? -1 : ProcessDescriptors.Open(targetPid);
            pid = Fork(request.Flags, intoCgroup, pidNamespace);
        }
        catch (SuiteException)
        {
            // The process whose pid namespace was to be joined has ended. The shim lives on, so nothing may stay open in it.
            Descriptor.Close(ends[0]);
            Descriptor.Close(ends[1]);
            Descriptor.Close(intoCgroup);
            Descriptor.Close(target);
            throw;
        }

        if (pid == 0)
        {
            Descriptor.Close(ends[0]);
            child = new InitContext(host, cgroup, intoCgroup >= 0, targetPid, ends[1])
            {
                HostMounts = HostMounts,
                TargetProcess = target,
                Leave = leave,
                ChangesRoot = request.Outside.Mounts is not null,
                Size = request.Size,
                Ready = ready,
                AwaitsPlan = awaitsPlan,
            };
            return default;
        }

        var error = pid < 0 ? errno : 0;
        Descriptor.Close(ends[1]);
        Descriptor.Close(intoCgroup);
        Descriptor.Close(target);
        if (pid > 0)
            return new InitProcess(pid, ends[0]);

        Descriptor.Close(ends[0]);
        throw new ErrnoException($"clone the init of {request.CgroupPath}", error);
    }

    private static int Fork(ulong flags, int intoCgroup, string? pidNamespace)
    {
        var arguments = new Sched.clone_args
        {
            flags = flags | (intoCgroup >= 0 ? Sched.CLONE_INTO_CGROUP : 0),
            exit_signal = (ulong)SIGCHLD,
            cgroup = intoCgroup >= 0 ? (ulong)intoCgroup : 0,
        };
        if (pidNamespace is null)
            return Sched.clone3(&arguments);

        // Joining a pid namespace is for children only (setns(2)), so it is joined, used for one child, and left again.
        var own = Descriptor.Open("/proc/self/ns/pid", O_RDONLY);
        try
        {
            NamespaceActions.Join(pidNamespace, Sched.CLONE_NEWPID);
        }
        catch (SuiteException)
        {
            Descriptor.Close(own);
            throw;
        }

        var pid = Sched.clone3(&arguments);
        if (pid == 0)
            return 0;

        var error = errno;
        Check(setns(own, (int)Sched.CLONE_NEWPID), "go back to the own pid namespace");
        Descriptor.Close(own);
        Marshal.SetLastPInvokeError(error);
        return pid;
    }

    private static void Check(int result, string action)
    {
        if (result < 0)
            throw new ErrnoException(action, errno);
    }
}
