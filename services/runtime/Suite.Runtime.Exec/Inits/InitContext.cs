using Suite.Linux.Cgroups;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Shims;

namespace Suite.Runtime.Exec.Inits;

/// <summary>What the init of a container is born with, beside its plan.</summary>
/// <param name="Cgroups">The host's cgroup trees.</param>
/// <param name="Cgroup">The container's cgroup.</param>
/// <param name="BornInUnified">It was cloned into its cgroup of the v2 tree already.</param>
/// <param name="TargetPid">For a process that joins a container: the pid of the container's first process. Otherwise 0.</param>
/// <param name="Report">The socket to the shim, which closes with the exec.</param>
internal sealed record InitContext(CgroupHost Cgroups, Cgroup Cgroup, bool BornInUnified, int TargetPid, int Report)
{
    /// <summary>Null: the init dies with the process that started it.</summary>
    public InitLeave? Leave { get; init; }

    /// <summary>Its starter has been told that all is ready, and listens no more.</summary>
    public bool Left { get; set; }

    /// <summary>An open directory: the root file system, once it is mounted.</summary>
    public int Root { get; set; } = -1;

    /// <summary>Path of the same before the pivot.</summary>
    public string RootPath { get; set; } = "/";

    /// <summary>The cgroup is being made by the starter, and may not be there yet.</summary>
    public bool CgroupFollows { get; set; }

    /// <summary>The cgroup, where it was made before the init.</summary>
    public ReadyCgroup? Ready { get; init; }

    /// <summary>The files through which the cgroup is entered, once it is made: after the pivot they have no path.</summary>
    public int[]? CgroupEntries { get; set; }

    /// <summary>The filter of system calls to put in place before execve.</summary>
    public FilterSystemCalls? Filter { get; set; }

    /// <summary>What the capabilities are to be once the filter is in place; null: they are so already.</summary>
    public (ulong Effective, ulong Permitted, ulong Inheritable)? RightsAfterFilter { get; set; }

    /// <summary>The socket of who answers for system calls, or -1.</summary>
    public int Listener { get; set; } = -1;

    /// <summary>Of this process on the host.</summary>
    public int HostPid { get; set; }

    /// <summary>A descriptor of the mount namespace of the host, for mounts that are shared with it, or that are the host's alone.</summary>
    public int HostMounts { get; init; } = -1;

    /// <summary>It was cloned before there was a plan: the steps that it has are its head start.</summary>
    public bool AwaitsPlan { get; init; }

    /// <summary>The container's mount namespace is one that was there before, with another root.</summary>
    public bool ChangesRoot { get; init; }

    /// <summary>Of the terminal that it opens; null: nobody has said it.</summary>
    public TerminalSize? Size { get; set; }

    /// <summary>A descriptor of the container's user namespace, until it is entered.</summary>
    public int UserNamespace { get; set; } = -1;

    /// <summary>A descriptor of the process of <see cref="TargetPid"/>, whose number means another in its pid namespace.</summary>
    public int TargetProcess { get; init; } = -1;

    /// <summary>The host's ids of the container's root; null: not asked for yet.</summary>
    public (uint Uid, uint Gid)? RootIds { get; set; }

    /// <summary>The process has rights in the container's user namespace alone.</summary>
    public bool InUserNamespace { get; set; }

    /// <summary>Mounts that were opened for later steps, by number.</summary>
    public Dictionary<int, int> Trees { get; } = [];

    /// <summary>HOME of the user looked up, for an environment without one.</summary>
    public string? Home { get; set; }
}
