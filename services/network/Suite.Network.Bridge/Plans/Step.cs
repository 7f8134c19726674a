using Suite.Network.Bridge.Netlink;

namespace Suite.Network.Bridge.Plans;

/// <summary>One thing to be done to the kernel: immutable, and printed as an administrator would write it.</summary>
internal abstract record Step
{
    /// <summary>What is done, as it stands in a plan's golden text and in the error when it fails.</summary>
    public abstract string Text { get; }

    public sealed override string ToString() => Text;
}

/// <summary>The conversation that a message belongs to.</summary>
internal enum Channel
{
    /// <summary>rtnetlink in the host's namespace.</summary>
    Host,

    /// <summary>rtnetlink in the sandbox's namespace.</summary>
    Inside,

    /// <summary>nfnetlink in the host's namespace: neighbouring steps are one transaction, all or nothing.</summary>
    Firewall,
}

/// <summary>A step that is one netlink message. Neighbours of one channel travel in one send.</summary>
internal abstract record MessageStep : Step
{
    public abstract Channel Channel { get; }

    /// <summary>Whether the step before must be done before this one can be written: it makes what this one names by number.</summary>
    public virtual bool StartsSend => false;

    public abstract void Write(NetlinkWriter writer, uint sequence, ushort extraFlags, IPlaces places);

    /// <summary>Whether this errno means that the wanted state is there already.</summary>
    public virtual bool Forgives(int errno) => false;
}

/// <summary>A step that is not netlink: a file under /proc/sys, a mount.</summary>
internal abstract record ActionStep : Step
{
    public abstract void Apply(IPlaces places);
}
