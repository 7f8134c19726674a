using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// Network devices that are moved from this thread's network namespace to a container's, with the addresses that were given to them
/// (config-linux.md, Network Devices).
/// </summary>
internal static class NetworkDevices
{
    private const uint IFF_LOOPBACK = 0x8;

    /// <summary>Moves all of them, or none.</summary>
    /// <param name="network">A descriptor of the namespace to move them to.</param>
    public static void Give(IReadOnlyList<DeviceMove> moves, int network)
    {
        var given = new List<DeviceMove>();
        try
        {
            foreach (var move in moves)
            {
                var (here, there) = Sockets(network);
                using (here)
                using (there)
                    given.Add(move with { NewName = Move(here, there, network, move.Name, move.NewName) });
            }
        }
        catch (SuiteException failure)
        {
            if (TakeBack(given, network) is { } complaint)
                throw new SuiteException(failure.Kind, $"{failure.Message}; {complaint}", failure);
            throw;
        }
    }

    /// <summary>
    /// Brings back what is there still and not here. A physical device would come back by itself when the namespace ends; a virtual one
    /// would end with it.
    /// </summary>
    /// <returns>What could not be brought back, and why; null: nothing.</returns>
    public static string? TakeBack(IReadOnlyList<DeviceMove> moves, int network)
    {
        var own = Descriptor.Open("/proc/thread-self/ns/net", O_RDONLY);
        var complaints = new List<string>();
        foreach (var move in moves)
        {
            try
            {
                var (here, there) = Sockets(network);
                using (here)
                using (there)
                {
                    // One that was never moved is here; of several that a number was chosen for, the last is ours.
                    if (!RouteMessages.Links(here).Exists(link => link.Name == move.Name) && RouteMessages.Links(there).Where(link => Matches(link.Name, move.NewName)).MaxBy(link => link.Index) is { } ours)
                        _ = Move(there, here, own, ours.Name, move.Name);
                }
            }
            catch (SuiteException failure)
            {
                complaints.Add(failure.Message);
            }
        }

        Descriptor.Close(own);
        return complaints.Count == 0 ? null : $"not brought back: {string.Join("; ", complaints)}";
    }

    /// <returns>Its name there.</returns>
    private static string Move(SafeFileHandle from, SafeFileHandle to, int target, string name, string newName)
    {
        var what = $"move the network device {name}";
        var link = RouteMessages.Links(from).Find(found => found.Name == name)
            ?? throw new SuiteException(ErrorKind.NotFound, $"{what}: there is no such device");
        if ((link.Flags & IFF_LOOPBACK) != 0)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{what}: it is a loopback device, of which each network namespace has its own");
        var before = RouteMessages.Links(to);
        if (before.Exists(found => found.Name == newName))
            throw new SuiteException(ErrorKind.AlreadyExists, $"{what}: the container has a device {newName} already");

        var addresses = RouteMessages.Addresses(from, link.Index);
        RouteMessages.MoveLink(from, link.Index, target, newName, what);
        // Its number is another where that is taken.
        var moved = RouteMessages.Links(to).Find(found => !before.Exists(known => known.Index == found.Index) && Matches(found.Name, newName))
            ?? throw new SuiteException(ErrorKind.Internal, $"{what}: it has not arrived as {newName}");
        foreach (var address in addresses)
            RouteMessages.AddAddress(to, moved.Index, address, $"{what}: give it its address {address}");
        RouteMessages.SetUp(to, moved.Index, $"{what}: set it up");
        return moved.Name;
    }

    private static bool Matches(string name, string wanted)
    {
        var at = wanted.IndexOf("%d", StringComparison.Ordinal);
        if (at < 0)
            return name == wanted;
        var rest = wanted[(at + 2)..];
        return name.Length > at + rest.Length && name.StartsWith(wanted[..at], StringComparison.Ordinal) && name.EndsWith(rest, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(at, name.Length - at - rest.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    /// <summary>A socket stays in the namespace it was made in.</summary>
    private static (SafeFileHandle Here, SafeFileHandle There) Sockets(int network)
    {
        var own = Descriptor.Open("/proc/thread-self/ns/net", O_RDONLY);
        var here = RouteMessages.Open();
        Enter(network, "go to the container's network namespace");
        try
        {
            return (here, RouteMessages.Open());
        }
        finally
        {
            Enter(own, "come back from the container's network namespace");
            Descriptor.Close(own);
        }
    }

    private static void Enter(int network, string action)
    {
        if (setns(network, (int)Sched.CLONE_NEWNET) != 0)
            throw new ErrnoException(action, errno);
    }
}
