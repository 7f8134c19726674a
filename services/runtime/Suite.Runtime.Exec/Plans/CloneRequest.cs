using Suite.Linux.Native;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Shims;

namespace Suite.Runtime.Exec.Plans;

/// <summary>What must be known before the container's init exists: it is made with the clone itself.</summary>
/// <param name="Flags">CLONE_NEW* of the namespaces to make, without the cgroup namespace, which is made later.</param>
/// <param name="PidNamespace">A pid namespace to be made in; null: a new one or the shim's.</param>
/// <param name="CgroupPath">Path below the root of each cgroup hierarchy.</param>
/// <param name="Terminal">The init sends back the master of a pseudo terminal.</param>
internal sealed record CloneRequest(ulong Flags, string? PidNamespace, string CgroupPath, bool Terminal)
{
    /// <summary>Another process goes on in the place of the one cloned, in a user namespace.</summary>
    public bool HasSuccessor { get; init; }

    /// <summary>
    /// It mounts a block device: not from within its cgroup, whose device program lets no container open one. On v2 it is then not born
    /// there but enters it when its mounts are made, as on v1, where nobody is born in a cgroup.
    /// </summary>
    public bool MountsDevices { get; init; }

    /// <summary>
    /// Its init may be there before its plan: nobody can reach it (it has a pid namespace for itself), it is the one that goes on, and it
    /// mounts no device from within its cgroup.
    /// </summary>
    public bool MayBeginAhead =>
        (Flags & Ahead) == Ahead && PidNamespace is null && !HasSuccessor && !MountsDevices && Bundle is null && Outside.Mounts is null;

    /// <summary>What the process that clones runs itself.</summary>
    public RuntimeHooks Hooks { get; init; } = RuntimeHooks.None;

    /// <summary>The child becomes a command of another runtime, which makes the container; null: the child becomes the container.</summary>
    public BundleFiles? Bundle { get; init; }

    /// <summary>What else is done outside, while the container is made or when it is gone.</summary>
    public OutsideWork Outside { get; init; } = OutsideWork.None;

    /// <summary>
    /// Of a terminal that is to be opened; null: nobody has said it. Not a part of the plan that is sent: whoever clones knows it, and the
    /// program is to find it at its first look.
    /// </summary>
    public TerminalSize? Size { get; init; }

    private const ulong Ahead = Sched.CLONE_NEWPID | Sched.CLONE_NEWNS;

    private static readonly (ulong Flag, string Name)[] Names =
    [
        (Sched.CLONE_NEWPID, "pid"),
        (Sched.CLONE_NEWNS, "mount"),
        (Sched.CLONE_NEWNET, "network"),
        (Sched.CLONE_NEWIPC, "ipc"),
        (Sched.CLONE_NEWUTS, "uts"),
    ];

    public override string ToString()
    {
        var pid = PidNamespace is null ? "" : $", in the pid namespace {PidNamespace}";
        if (Bundle is not null)
            return $"clone for another runtime{(Flags == 0 ? "" : $" with new {Describe(Flags)}")}";
        return $"clone for {CgroupPath} with new {Describe(Flags)}{pid}";
    }

    public static string Describe(ulong flags) => string.Join(' ', Names.Where(n => (flags & n.Flag) != 0).Select(n => n.Name));
}
