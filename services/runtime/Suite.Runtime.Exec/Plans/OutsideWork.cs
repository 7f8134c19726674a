using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>What is done for a container beside its hooks by who makes it, as the init has not the rights or is gone by then.</summary>
/// <param name="Devices">To be moved into its network namespace when the init asks.</param>
/// <param name="Mounts">Where its mounts are to be taken off, when it is gone.</param>
/// <param name="Resctrl">What was made of resctrl is to be removed when it is gone.</param>
internal sealed record OutsideWork(IReadOnlyList<DeviceMove> Devices, JoinedMounts? Mounts, ResctrlGroup? Resctrl)
{
    public static readonly OutsideWork None = new([], null, null);

    public bool IsNone => Devices.Count == 0 && Mounts is null && Resctrl is null;

    internal void Write(WireWriter writer)
    {
        writer.Int(Devices.Count);
        foreach (var device in Devices)
        {
            writer.String(device.Name);
            writer.String(device.NewName);
        }

        writer.Bool(Mounts is not null);
        if (Mounts is not null)
        {
            writer.String(Mounts.Namespace);
            writer.String(Mounts.Root);
        }

        writer.Bool(Resctrl is not null);
        Resctrl?.Write(writer);
    }

    internal static OutsideWork Read(ref WireReader reader)
    {
        var devices = new DeviceMove[reader.Count(elementSize: 8)];
        for (var i = 0; i < devices.Length; i++)
            devices[i] = new DeviceMove(reader.String(), reader.String());
        return new OutsideWork(
            devices,
            reader.Bool() ? new JoinedMounts(reader.String(), reader.String()) : null,
            reader.Bool() ? ResctrlGroup.Read(ref reader) : null);
    }
}

/// <summary>A network device of the runtime's namespace, and what it is called in the container; <c>%d</c> in that is a number of the kernel's choice.</summary>
internal sealed record DeviceMove(string Name, string NewName);

/// <summary>A mount namespace that was there before the container, and where in it the container's root is mounted.</summary>
/// <param name="Namespace">Its path; empty: that of the process which makes the container.</param>
internal sealed record JoinedMounts(string Namespace, string Root)
{
    /// <summary>The number of the mount that is its root, by which it is known again; 0: there is none yet.</summary>
    public ulong MountId { get; init; }
}
