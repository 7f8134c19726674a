using System.Text;
using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Processes;
using Suite.Oci.Runtime;
using Suite.Oci.Runtime.Reading;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Oci.Containers;

/// <summary>A container as its folder and the kernel show it at this moment.</summary>
/// <param name="spec">The parsed text of its own config.json, for who has just written that; null: it is read when it is asked for.</param>
/// <param name="host">Null: looked at when it is asked for.</param>
internal sealed class Container(StateFolder folder, ContainerRecord record, Spec? spec = null, CgroupHost? host = null)
{
    private CgroupHost? _host = host;
    private Cgroup? _cgroup;
    private Spec? _spec = spec;

    public StateFolder Folder { get; } = folder;

    public ContainerRecord Record { get; } = record;

    public string Id => Record.Id;

    public CgroupHost Host => _host ??= CgroupHost.Detect();

    public Cgroup Cgroup => _cgroup ??= new Cgroup(Host, Record.CgroupPath);

    public bool Alive => Record.Pid > 0 && ProcessStat.Read(Record.Pid) is { } stat && !stat.HasEnded && stat.StartTime == Record.StartTime;

    public bool AwaitsStart => File.Exists(Folder.GatePath);

    public bool Paused => Cgroup.IsFrozen();

    /// <summary><c>creating</c>, <c>created</c>, <c>running</c>, <c>paused</c> or <c>stopped</c>: the specification's, and runc's for a frozen one.</summary>
    public string Status() => Record.Pid == 0 ? "creating" : !Alive ? "stopped" : AwaitsStart ? "created" : Paused ? "paused" : "running";

    public ContainerState State()
    {
        var status = Status();
        return new ContainerState
        {
            OciVersion = Record.OciVersion,
            Id = Id,
            Status = status,
            Pid = status == "stopped" ? 0 : Record.Pid,
            Bundle = Record.Bundle,
            Annotations = Record.Annotations,
        };
    }

    /// <summary>The config.json that the container was made from, without its linux.seccomp.</summary>
    public Spec Spec() => _spec ??= RuntimeReader.ReadSpec(ReadSpec(), out _);

    /// <summary>Its linux.seccomp as it is written.</summary>
    public byte[] SeccompText()
    {
        _spec = RuntimeReader.ReadSpec(ReadSpec(), out var seccomp);
        return seccomp;
    }

    private byte[] ReadSpec() => Encoding.UTF8.GetBytes(
        Descriptor.TryReadText(Folder.SpecPath) ?? throw new SuiteException(ErrorKind.Corrupt, $"read {Folder.SpecPath}: it is gone"));

    /// <summary>What is outside of it and has to go with it; nothing of one whose creation was cut off before its config.json was kept.</summary>
    public OutsideWork Outside()
    {
        if ((_spec is null && !File.Exists(Folder.SpecPath)) || Spec().Linux is not { } linux)
            return OutsideWork.None;
        var listed = linux.Namespaces?.FirstOrDefault(item => item.Type == NamespaceTypes.Mount);
        var joined = listed is null ? "" : string.IsNullOrEmpty(listed.Path) ? null : listed.Path;
        return new OutsideWork([], joined is null ? null : new JoinedMounts(joined, Record.Rootfs) { MountId = Record.RootMount }, ResctrlPlanner.From(linux.IntelRdt, Id));
    }

    /// <exception cref="SuiteException">FailedPrecondition, in the words that containerd looks for.</exception>
    public void NeedAlive(string action)
    {
        if (!Alive)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{action} {Id}: container not running");
    }

    /// <summary>Ends every process of it and waits until the first is gone; it may be another's child, which reaps it later.</summary>
    public void Kill()
    {
        Cgroup.Kill();
        if (Alive)
            _ = ProcessSignals.Send(Record.Pid, ProcessSignals.SIGKILL);
        for (var attempt = 0; Alive && attempt < 5000; attempt++)
            Thread.Sleep(1);
    }

    /// <summary>Removes what is left of a container whose processes are gone.</summary>
    public void Remove()
    {
        Cgroup.Kill();
        Cgroup.Remove();
        if (OutsideRemains.Remove(Outside(), []) is > 0 and var child)
            Children.WaitFor(child);
        Folder.Remove();
    }
}
