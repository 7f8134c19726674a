using Suite.Linux.Errors;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>
/// Takes a link of a sandbox off the air, now, and marks it for <see cref="DeleteCondemned"/>. Removing a link makes the kernel wait until no
/// processor can still be using it (rcu_barrier, some 20 ms), which nobody needs to wait for once it is down.
/// </summary>
internal sealed record CondemnLink(string Name) : MessageStep
{
    /// <summary>A group of ours (IFLA_GROUP), "Suit" as a number. What is in it is about to be removed, whoever put it there.</summary>
    public const uint Group = 0x53756974;

    public override Channel Channel => Channel.Host;

    public override string Text => $"link set {Name} group 0x{Group:x} down";

    public override bool Forgives(int errno) => errno == ErrnoNames.ENODEV;

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_NEWLINK, flags, sequence, up: false);
        writer.Put(IFLA_IFNAME, Name);
        writer.Put(IFLA_GROUP, Group);
    }
}

/// <summary>Removes all condemned links with one wait.</summary>
internal sealed record DeleteCondemned : MessageStep
{
    public override Channel Channel => Channel.Host;

    public override string Text => $"link del group 0x{CondemnLink.Group:x}";

    public override bool Forgives(int errno) => errno == ErrnoNames.ENODEV;

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_DELLINK, flags, sequence);
        writer.Put(IFLA_GROUP, CondemnLink.Group);
    }
}
