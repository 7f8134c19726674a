using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Shim.Pods;

namespace Suite.Runtime.Shim.Drivers;

/// <summary>
/// How the processes of one container are made and reached. What they are to be, their streams and their state are the
/// container's, which the driver tells what happened: <see cref="Container.Begun"/> once for each start, then, if that went well,
/// <see cref="Container.Ended"/> once.
/// </summary>
internal interface IContainerDriver
{
    /// <summary>On the host; 0: none runs.</summary>
    int Pid { get; }

    /// <exception cref="SuiteException">Nothing was begun, and nothing will be told.</exception>
    void Start(MappedPlan plan, Cgroup cgroup, ContainerOutput output);

    /// <summary>A further process, which is told how its start went.</summary>
    /// <param name="streams">Standard input, output, error; -1 for those that a terminal replaces.</param>
    void Exec(MappedPlan plan, ReadOnlySpan<int> streams, ExecProcess process);

    /// <param name="all">To every process, rather than to the first.</param>
    /// <param name="over">Called once: null when it is done. So with the others.</param>
    void Signal(int signal, bool all, Action<SuiteException?> over);

    void Pause(Action<SuiteException?> over);

    void Resume(Action<SuiteException?> over);

    /// <param name="resources">The same as the limits, as JSON.</param>
    void Update(CgroupLimits limits, ReadOnlySpan<byte> resources, Action<SuiteException?> over);

    /// <summary>The first process has ended: ends the others.</summary>
    /// <param name="over">Called when nothing of this run is left.</param>
    void EndRest(Action over);

    /// <summary>Kills what runs or is being made, and waits for it.</summary>
    void Kill();

    /// <summary>Removes what outlives the processes. Nothing runs.</summary>
    void Remove();
}
