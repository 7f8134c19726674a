using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Linux.Cgroups;

/// <summary>Collects what is to be written, and refuses what this host has no controller for.</summary>
internal sealed class CgroupWrites
{
    private readonly CgroupHost _host;
    private readonly List<CgroupWrite> _writes = [];

    public CgroupWrites(CgroupHost host)
    {
        _host = host;
    }

    public IReadOnlyList<CgroupWrite> All => _writes;

    /// <returns>Whether the controller is on the v2 tree.</returns>
    public bool Need(string controller, string what) => _host.Find(controller) is { } hierarchy
        ? hierarchy.Unified
        : throw new SuiteException(
            ErrorKind.Unsupported, $"set {what}: this host has no {controller} controller (cgroup {_host.Version}); mount it, or leave the limit out");

    public bool HasUnified(string controller) => _host.Find(controller) is { Unified: true };

    /// <summary>Refuses what only v1 has.</summary>
    public void NeedV1(string controller, string what)
    {
        if (Need(controller, what))
            throw new SuiteException(ErrorKind.Unsupported, $"set {what}: cgroup v2 has no such setting; leave it out");
    }

    public void Add(string controller, string what, string file, string text)
    {
        _ = Need(controller, what);
        _writes.Add(new(controller, file, text));
    }

    /// <param name="optional">Older kernels lack the file, and do without.</param>
    public void Add(string controller, string file, string text, bool optional = false) =>
        _writes.Add(new(controller, file, text, optional ? ("", "") : null));

    public void Add(CgroupWrite write) => _writes.Add(write);

    /// <param name="line"><c>file=text</c>.</param>
    public void AddUnified(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        var file = line[..equals];
        var controller = file[..file.IndexOf('.', StringComparison.Ordinal)];
        if (_host.Unified is not { } unified || (controller != "cgroup" && !unified.Has(controller)))
            throw new SuiteException(
                ErrorKind.Unsupported, $"write {file}: this host has no {controller} controller on a cgroup v2 tree (cgroup {_host.Version}); use the limits that both versions have");
        _writes.Add(new(CgroupHost.UnifiedTree, file, line[(equals + 1)..]));
    }

    public static string Max(long value) => value < 0 ? "max" : Number(value);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
