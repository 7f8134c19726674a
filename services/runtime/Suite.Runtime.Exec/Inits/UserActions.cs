using System.Runtime.InteropServices;
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
/// The two halves of a container with a user namespace. The first has the host's rights and prepares; the second is cloned in the
/// user namespace, so that it owns the container's other namespaces, and is a child of who cloned the first.
/// </summary>
internal static unsafe class UserActions
{
    public static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case OpenUserNamespace open:
                Open(open, context);
                break;
            case OpenFilesystem made:
                context.Trees[made.Number] = FilesystemMount.Create(made.Type, made.Source, made.Settings, readOnlyFilesystem: false);
                TreeActions.Map(context.Trees[made.Number], made.Settings.Ids, made.Source, context);
                break;
            case OpenTree tree:
                context.Trees[tree.Number] = TreeActions.Open(tree.Source, tree.Recursive, tree.Ids, tree.FromHost, context);
                break;
            case EnterUserNamespace enter:
                Enter(enter.Flags, context);
                break;
            case SetTimeOffsets time:
                Check(unshare((int)Sched.CLONE_NEWTIME), "make a time namespace");
                if (time.Offsets.Count > 0 && Descriptor.TryWriteText("/proc/self/timens_offsets", string.Join('\n', time.Offsets) + "\n") is not 0 and var error)
                    throw new ErrnoException("set the clocks of the time namespace", error);
                // It is for children first; an execve goes into it by itself only since 6.3.
                NamespaceActions.Join("/proc/self/ns/time_for_children", Sched.CLONE_NEWTIME);
                break;
        }
    }

    private static void Open(OpenUserNamespace step, InitContext context)
    {
        context.UserNamespace = step is { Path: null, Map: { } map } ? UserNamespaces.Make(map, 0, ["user"])[0] : Descriptor.Open(step.Path!, O_RDONLY);
        if (step.Map is { } known)
            context.RootIds = (IdentityMap.HostOf(known.Uids, 0) ?? 0, IdentityMap.HostOf(known.Gids, 0) ?? 0);
        // Layers are covered with idmapped copies of themselves below; nobody else may see that.
        Check(unshare((int)Sched.CLONE_NEWNS), "make a mount namespace to prepare in");
    }

    private static void Enter(ulong flags, InitContext context)
    {
        UserNamespaces.ShareStreams();
        // The directory one is in is found again in the copy of the mounts, without a path that only the host's root may walk. With a
        // mount namespace that is joined later there is no root yet.
        if (context.Root >= 0)
            Check(fchdir(context.Root), "enter the root");
        Continue(context.UserNamespace, flags, context.Report, diesWithStarter: context.Leave is null);
        Descriptor.Close(context.UserNamespace);
        context.HostPid = FilterActions.HostPid();
        context.InUserNamespace = true;
        if (context.Root >= 0)
            AdoptRoot(context);
    }

    /// <summary>For a pod's process 1: in a user namespace of its pod, in the directory it is in.</summary>
    public static void EnterForPod(string path, ulong flags, int report)
    {
        var users = Descriptor.Open(path, O_RDONLY);
        Continue(users, flags, report, diesWithStarter: true);
        Descriptor.Close(users);
    }

    /// <summary>The caller ends here; who returns is the process that goes on in the user namespace, as its root.</summary>
    private static void Continue(int users, ulong flags, int report, bool diesWithStarter)
    {
        Check(setns(users, (int)Sched.CLONE_NEWUSER), "enter the user namespace");
        var processDescriptor = -1;
        var arguments = new Sched.clone_args { flags = flags | Sched.CLONE_PARENT | Sched.CLONE_PIDFD, pidfd = (ulong)&processDescriptor };
        var pid = Sched.clone3(&arguments);
        if (pid < 0)
            throw new ErrnoException("clone in the user namespace", errno);
        if (pid > 0)
        {
            FdMessage.Send(report, [InitMessages.Successor], [processDescriptor]);
            _exit(0);
        }

        if (diesWithStarter)
            _ = Prctl.prctl(Prctl.PR_SET_PDEATHSIG, (nuint)SIGKILL, 0, 0, 0);
        _ = setsid();
        UserNamespaces.BecomeRoot();
    }

    /// <summary>Mounts that came with the copy are locked together (mount_namespaces(7)); pivot_root wants one that is not.</summary>
    private static void AdoptRoot(InitContext context)
    {
        var tree = MountActions.CloneTree(".", recursive: true);
        var here = Descriptor.Open(".", O_PATH | O_DIRECTORY);
        FilesystemMount.Attach(tree, here, context.RootPath);
        Descriptor.Close(here);
        Descriptor.Close(context.Root);
        context.Root = tree;
    }

    private static void Check(int result, string action)
    {
        if (result != 0)
            throw new ErrnoException(action, errno);
    }
}
