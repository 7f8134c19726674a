using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>Who may see a container's shared memory and queues beside itself.</summary>
internal enum IpcSharing
{
    Nobody,

    /// <summary>Containers that ask for it by its name.</summary>
    Containers,

    /// <summary>Nobody, and it has no /dev/shm itself.</summary>
    None,
}

/// <summary>
/// Containers whose processes or whose IPC others share. They are kept by their ids, as a name may go to another; their namespaces are
/// looked for at each start, as each run of theirs has new ones.
/// </summary>
internal sealed class SharedNamespaces(Inventory inventory)
{
    /// <summary>The request, with ids in the place of names.</summary>
    public SoloSpec Resolve(SoloSpec asked)
    {
        var spec = asked.PidsOf.Length > 0 ? asked with { PidsOf = inventory.AnyContainer(asked.PidsOf).Id } : asked;
        if (spec.IpcOf.Length == 0)
            return spec;
        var donor = inventory.AnyContainer(spec.IpcOf);
        return donor.Solo switch
        {
            { HostIpc: true } => spec with { IpcOf = "", HostIpc = true },
            // What it shares itself is another's: that one is meant.
            { IpcOf: { Length: > 0 } other } => spec with { IpcOf = other },
            { Ipc: IpcSharing.Containers } => spec with { IpcOf = donor.Id },
            _ => throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot share the IPC of container {donor.Name}: it keeps it for itself; make it with --ipc shareable"),
        };
    }

    /// <exception cref="SuiteException">FailedPrecondition: one of them does not run.</exception>
    public IpcShare? At(ContainerRecord container)
    {
        if (container.Solo is { PidsOf.Length: > 0 } seeing)
            Running(container, seeing.PidsOf, "processes");
        if (container.Solo is not { IpcOf.Length: > 0 } sharing)
            return null;
        var donor = Running(container, sharing.IpcOf, "IPC");
        return inventory.TryGetPod(donor.PodId, out var pod) && pod.Shim is { } shim ? new IpcShare(pod.Id, shim.Pid) : throw Absent(container, donor.Name, "IPC");
    }

    private ContainerRecord Running(ContainerRecord container, string other, string what)
    {
        var known = inventory.TryGetContainer(other, out var found);
        return known && found!.Pid > 0 ? found : throw Absent(container, known ? found!.Name : other, what);
    }

    private static SuiteException Absent(ContainerRecord container, string other, string what) =>
        new(ErrorKind.FailedPrecondition, $"cannot start container {container.Name}: container {other}, whose {what} it shares, does not run");
}
