using Suite.Linux.Errors;
using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Cgroups;

/// <summary>
/// The freezer of v2, which also works on the empty tree of a hybrid host and lets frozen processes be killed; else v1's, which
/// does not (cgroup-v2.rst, "cgroup.freeze"; freezer-subsystem.rst).
/// </summary>
internal static unsafe class CgroupFreezer
{
    // A process in an uninterruptible call stops when that ends. Half a second is long for all but a dead disk.
    private const int Attempts = 500;

    public static void Freeze(CgroupHost host, string path)
    {
        if (!Set(host, path, frozen: true))
            throw new SuiteException(ErrorKind.Unsupported, $"pause {path}: this host has neither a freezer nor cgroup.freeze (cgroup {host.Version})");
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (IsFrozen(host, path))
                return;
            // v1 may forget a process that was being made; writing again is how it is told once more.
            if (attempt % 50 == 49)
                Set(host, path, frozen: true);
            _ = poll(null, 0, 1);
        }

        Set(host, path, frozen: false);
        throw new SuiteException(ErrorKind.FailedPrecondition, $"pause {path}: a process in it does not stop, most likely for a disk or a network share that does not answer; it runs on");
    }

    public static void Thaw(CgroupHost host, string path)
    {
        if (!Set(host, path, frozen: false))
            throw new SuiteException(ErrorKind.Unsupported, $"resume {path}: this host has neither a freezer nor cgroup.freeze (cgroup {host.Version})");
    }

    /// <returns>False if there is no freezer, or no such cgroup.</returns>
    public static bool Set(CgroupHost host, string path, bool frozen)
    {
        if (host.Unified is { } unified && Descriptor.TryWriteText($"{unified.PathOf(path)}/cgroup.freeze", frozen ? "1" : "0") == 0)
            return true;
        return host.Find("freezer") is { } freezer
            && Descriptor.TryWriteText($"{freezer.PathOf(path)}/freezer.state", frozen ? "FROZEN" : "THAWED") == 0;
    }

    public static bool IsFrozen(CgroupHost host, string path) =>
        host.Unified is { } unified && Descriptor.TryReadText($"{unified.PathOf(path)}/cgroup.events") is { } events && events.Contains("frozen ", StringComparison.Ordinal)
            ? Cgroup.Figure(events, "frozen") == 1
            : host.Find("freezer") is { } freezer && (Descriptor.TryReadText($"{freezer.PathOf(path)}/freezer.state") ?? "").StartsWith("FROZEN", StringComparison.Ordinal);
}
