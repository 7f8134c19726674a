using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// Runs in the child of a clone: takes the steps of a plan one by one, and ends in execve or in a report and an exit. The child
/// is a copy of the shim with one thread, so no finalizer runs, no lock may be waited for and no thread started.
/// </summary>
internal static unsafe class ContainerInit
{
    /// <summary>Does not return.</summary>
    /// <param name="steps">Of <see cref="PlanCodec"/>, after the clone request. Of an init that awaits its plan: its head start.</param>
    /// <param name="streams">
    /// Descriptors for standard input, output and error; -1 for one that a terminal replaces. They come with a plan that is awaited.
    /// </param>
    public static void Run(InitContext context, WireReader steps, ReadOnlySpan<int> streams)
    {
        Step? step = null;
        try
        {
            // While /proc is the host's: hooks and listeners are told of us by the number that the runtime knows.
            context.HostPid = FilterActions.HostPid();
            Prepare(context);
            HeadStart? ahead = null;
            if (context.AwaitsPlan)
            {
                ahead = HeadStart.Take(steps, context);
                Span<int> delivered = stackalloc int[3];
                steps = PlanDelivery.Await(context, delivered).Steps;
                Connect(delivered);
            }
            else
                Connect(streams);
            while (!steps.AtEnd)
            {
                var done = ahead?.Next(ref steps);
                step = done?.Step ?? PlanCodec.ReadStep(ref steps);
                if (done?.TryFinish(context) != true)
                    Take(step, context);
            }

            throw new SuiteException(ErrorKind.InvalidArgument, "run a plan: it ends without a program to execute");
        }
        catch (SuiteException failure)
        {
            _exit(InitReport.Send(context, step, failure));
        }
        catch (Exception failure)
        {
            _exit(InitReport.Send(context, step, new SuiteException(ErrorKind.Internal, failure.ToString())));
        }
    }

    private static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case JoinNamespace or JoinContainer or SetHostname or SetDomainname or SetSysctl:
                NamespaceActions.Take(step, context);
                break;
            case MakeCgroup when context.Leave is { CgroupFollows: true }:
                context.CgroupFollows = true;
                break;
            case MakeCgroup make:
                PrepareCgroup(make, context);
                break;
            case EnterCgroup enter:
                context.Cgroup.Enter(context.CgroupEntries ?? context.Cgroup.OpenEntries(unified: !context.BornInUnified));
                if (enter.NewNamespace && unshare((int)Sched.CLONE_NEWCGROUP) != 0)
                    throw new ErrnoException("make a cgroup namespace", errno);
                break;
            case SetPropagation or MountRoot or BindRoot or PivotRoot or ProtectRoot:
                if (step is PivotRoot)
                    StarterCgroup.Await(context);
                RootActions.Take(step, context);
                break;
            case JoinMounts or MoveRoot or ChangeRoot:
                StarterCgroup.Await(context);
                UnpivotedRoot.Take(step, context);
                break;
            case MountFilesystem or BindMount or MountCgroup:
                if (step is MountCgroup)
                    StarterCgroup.Await(context);
                MountActions.Take(step, context);
                break;
            case MaskPath or ProtectPath:
                MaskActions.Take(step);
                break;
            case MakeDevice or MakeLink or MakeDirectory:
                DeviceActions.Take(step, context);
                break;
            case OpenTerminal terminal:
                TerminalActions.Open(terminal, context);
                break;
            case SetOomScore or SetRlimit:
                LimitActions.Take(step);
                break;
            case SetUser or SetCapabilities or SetNoNewPrivileges:
                RightsActions.Take(step, context);
                break;
            case ConnectListener or FilterSystemCalls:
                FilterActions.Take(step, context);
                break;
            case SetPersonality or SetScheduler or SetIoPriority or SetAffinity or SetMemoryPolicy:
                SchedulingActions.Take(step);
                break;
            case SetSecurityLabel label:
                LabelActions.Take(label);
                break;
            case RunHooks or AskHooks or AskDevices:
                HookActions.Take(step, context);
                break;
            case EnterResctrl resctrl:
                Resctrl.Enter(resctrl.Group);
                break;
            case OpenUserNamespace or OpenTree or OpenFilesystem or EnterUserNamespace or SetTimeOffsets:
                UserActions.Take(step, context);
                break;
            case MakeBundle or WriteFile or ShareSource:
                BundleActions.Take(step, context);
                break;
            case AwaitStart await:
                StartGate.Wait(await, context);
                break;
            case Execute execute:
                ExecuteAction.Run(execute, context);
                break;
        }
    }

    private static void PrepareCgroup(MakeCgroup step, InitContext context)
    {
        if (context.Ready is null)
            context.Cgroup.Make();
        if (context.Ready?.Has(step.Limits) != true)
            context.Cgroup.Limit(step.Limits);
        var entersUnified = !context.BornInUnified && context.Cgroups.Unified is not null;
        context.CgroupEntries = context.Ready is { } ready && !entersUnified ? ready.Entries : context.Cgroup.OpenEntries(entersUnified);
    }

    private static void Prepare(InitContext context)
    {
        // If the shim dies its containers die. Cleared when credentials change (prctl(2)), so it is set again before the exec.
        if (context.Leave is null)
            _ = Prctl.prctl(Prctl.PR_SET_PDEATHSIG, (nuint)SIGKILL, 0, 0, 0);
        // Nobody inside the container may read this copy of the shim's memory or its descriptors through /proc. Ends with execve.
        _ = Prctl.prctl(Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0);
        _ = setsid();
        // What is made in the container must not depend on how the runtime was started.
        _ = umask((mode_t)0x12 /* 022 */);
        if (!context.AwaitsPlan)
            return;
        // Copies of the shim's connections and pipes: who is at their other end must not wait for this start to see them close.
        Descriptor.CloseAllBut([context.Report, context.HostMounts, .. context.Ready?.Entries ?? []]);
        // For whoever looks at the processes meanwhile.
        fixed (byte* name = "suite-init\0"u8)
            _ = Prctl.prctl(Prctl.PR_SET_NAME, (nuint)name, 0, 0, 0);
    }

    private static void Connect(ReadOnlySpan<int> streams)
    {
        for (var i = 0; i < streams.Length; i++)
        {
            // dup2 onto itself would leave close-on-exec set; the shim has 0 to 2 open for /dev/null, so the numbers differ.
            if (streams[i] >= 0 && dup2(streams[i], i) < 0)
                throw new ErrnoException("connect the standard streams", errno);
        }
    }

    /// <summary>Sets back what execve would hand on: ignored signals and the mask (signal(7)).</summary>
    public static void ResetSignals()
    {
        var none = new sigset_t();
        _ = sigprocmask(SIG_SETMASK, &none, null);
        for (var signal = 1; signal <= 64; signal++)
            Signals.SetDefault(signal);
    }
}
