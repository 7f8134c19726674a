using Suite.Linux.Cgroups;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Wire;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// A container's cgroup that was made before there is anything to start: with its limits, and with the files open through which it is
/// entered. In a dozen trees that is a fifth of a start.
/// </summary>
internal sealed class ReadyCgroup
{
    private readonly byte[] _limits;
    private int _unified;

    private ReadyCgroup(byte[] limits, int[] entries, int unified)
    {
        (_limits, Entries, _unified) = (limits, entries, unified);
    }

    /// <summary>The files to write to in order to enter it, but for that of the v2 tree: who starts in it is cloned into that.</summary>
    public int[] Entries { get; }

    /// <summary>Makes it. When it fails, what it made is the caller's to remove.</summary>
    public static ReadyCgroup Make(CgroupHost host, Cgroup cgroup, CgroupLimits limits)
    {
        cgroup.Make();
        cgroup.Limit(limits);
        var unified = host.Unified is { } tree ? Descriptor.Open(tree.PathOf(cgroup.Path), O_RDONLY | O_DIRECTORY) : -1;
        try
        {
            return new ReadyCgroup(Bytes(limits), cgroup.OpenEntries(unified: false), unified);
        }
        catch
        {
            Descriptor.Close(unified);
            throw;
        }
    }

    /// <summary>Whether these are the limits that it has.</summary>
    public bool Has(CgroupLimits limits) => Bytes(limits).AsSpan().SequenceEqual(_limits);

    /// <summary>The directory in the v2 tree, to clone into; the caller closes it. -1: there is no such tree.</summary>
    public int TakeUnified()
    {
        var taken = _unified;
        _unified = -1;
        return taken;
    }

    public void Close()
    {
        foreach (var entry in Entries)
            Descriptor.Close(entry);
        Descriptor.Close(TakeUnified());
    }

    private static byte[] Bytes(CgroupLimits limits)
    {
        var writer = new WireWriter();
        LimitsCodec.Write(writer, limits);
        return writer.Written.ToArray();
    }
}
