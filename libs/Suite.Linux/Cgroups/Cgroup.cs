using System.Globalization;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Cgroups;

/// <summary>One cgroup, in every tree of the host at once. Works with bare descriptors: it is used between clone and exec.</summary>
public sealed class Cgroup
{
    // Killed processes leave their cgroup when they are reaped, which can be a little after the signal.
    private const int RemoveAttempts = 500;

    private readonly CgroupHost _host;

    /// <param name="path">Below the root of each tree, beginning with a slash.</param>
    public Cgroup(CgroupHost host, string path)
    {
        _host = host;
        Path = path;
    }

    public string Path { get; }

    /// <summary>Makes the cgroup and those above it. One that exists is kept.</summary>
    public void Make()
    {
        foreach (var hierarchy in _host.Hierarchies)
            MakeIn(hierarchy);
    }

    /// <summary>Makes it in one tree, and has the trees above hand down their controllers.</summary>
    public void MakeIn(CgroupHierarchy hierarchy)
    {
        // Those above are there for all but the first: that is most of the calls of a start.
        if (MakeLast(hierarchy))
            return;

        var directory = hierarchy.MountPoint;
        foreach (var part in Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (hierarchy is { Unified: true, Controllers.Count: > 0 })
                HandDown(hierarchy, directory);

            var parent = directory;
            directory = $"{directory}/{part}";
            var error = Descriptor.TryMakeDirectory(directory, 0x1ed /* 0755 */);
            if (error != 0)
                throw new ErrnoException($"make the cgroup {directory}", error);
            if (!hierarchy.Unified && hierarchy.Has("cpuset"))
                InheritCpuset(parent, directory);
        }
    }

    /// <returns>False when one above it is missing.</returns>
    private bool MakeLast(CgroupHierarchy hierarchy)
    {
        var directory = hierarchy.PathOf(Path);
        var parent = directory[..directory.LastIndexOf('/')];
        if (hierarchy is { Unified: true, Controllers.Count: > 0 })
            HandDown(hierarchy, parent);
        var error = Descriptor.TryMakeDirectory(directory, 0x1ed /* 0755 */);
        if (error == ErrnoNames.ENOENT)
            return false;
        if (error != 0)
            throw new ErrnoException($"make the cgroup {directory}", error);
        if (!hierarchy.Unified && hierarchy.Has("cpuset"))
            InheritCpuset(parent, directory);
        return true;
    }

    /// <summary>Sets limits, at first or anew. What is not given stays as it is.</summary>
    public void Limit(CgroupLimits limits)
    {
        if (limits is { CheckUsage: true, MemoryBytes: { } bytes and >= 0 } && CgroupUsage.Read(_host, Path).MemoryBytes is var used && used > (ulong)bytes)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"limit the memory of {Path} to {bytes} bytes: it uses {used} now");

        // Some files are judged by others, memory.limit by memory.memsw and the period by the quota: what is refused at first may
        // be right when the rest is there.
        var refused = new List<CgroupWrite>();
        foreach (var write in CgroupWrite.For(limits, _host))
        {
            if (Write(write) is ErrnoNames.EINVAL)
                refused.Add(write);
        }

        foreach (var write in refused)
        {
            if (Write(write) is not 0 and var error)
                throw Failure(write, error);
        }

        // On v2 a program decides about devices; a v1 tree for them has files, which were written above.
        if (limits.DeviceRules.Count > 0 && _host.Find("devices") is null && _host.Unified is { } unified)
            DeviceProgram.Attach(unified.PathOf(Path), limits.DeviceRules);
    }

    /// <returns>0, or EINVAL.</returns>
    private int Write(CgroupWrite write)
    {
        var directory = _host.Find(write.Controller)!.PathOf(Path);
        var error = Descriptor.TryWriteText($"{directory}/{write.File}", write.Text);
        if (error == ErrnoNames.ENOENT && write.Instead is { } instead)
            error = instead.File.Length == 0 ? 0 : Descriptor.TryWriteText($"{directory}/{instead.File}", instead.Text);
        return error is 0 or ErrnoNames.EINVAL ? error : throw Failure(write, error);
    }

    private ErrnoException Failure(CgroupWrite write, int error) =>
        new($"write \"{write.Text}\" to {_host.Find(write.Controller)!.PathOf(Path)}/{write.File}", error);

    /// <summary>Opens the files to write to in order to enter it, for later, when its path is out of reach.</summary>
    /// <param name="unified">The v2 tree too; false for a process that was cloned into it.</param>
    public int[] OpenEntries(bool unified)
    {
        var entries = new List<int>();
        foreach (var hierarchy in _host.Hierarchies)
        {
            if (!hierarchy.Unified)
                entries.Add(Descriptor.Open($"{hierarchy.PathOf(Path)}/tasks", O_WRONLY));
            else if (unified)
                entries.Add(Descriptor.Open($"{hierarchy.PathOf(Path)}/cgroup.procs", O_WRONLY));
        }

        return [.. entries];
    }

    /// <summary>
    /// Moves the calling thread into it. On v1 through <c>tasks</c>: a thread that moves itself alone skips the lock over every
    /// fork and exit of the machine, whose grace period takes milliseconds (cgroup_procs_write_start).
    /// </summary>
    public void Enter(int[] entries)
    {
        foreach (var entry in entries)
        {
            var error = Descriptor.TryWrite(entry, "0");
            Descriptor.Close(entry);
            if (error != 0)
                throw new ErrnoException($"enter the cgroup {Path}", error);
        }
    }

    /// <summary>Kills every process in it and below it. New ones that are made meanwhile die too.</summary>
    public void Kill()
    {
        if (_host.Unified is { } unified && Descriptor.TryWriteText($"{unified.PathOf(Path)}/cgroup.kill", "1") == 0)
            return;

        // v1 alone: frozen processes cannot fork, so one pass finds them all.
        CgroupFreezer.Set(_host, Path, frozen: true);
        foreach (var pid in Processes())
            _ = kill(pid, SIGKILL);
        CgroupFreezer.Set(_host, Path, frozen: false);
    }

    /// <summary>Stops every process in it and below it where it stands; returns when all of them have stopped.</summary>
    /// <exception cref="SuiteException">Unsupported: the host has no freezer; FailedPrecondition: a process does not stop.</exception>
    public void Freeze() => CgroupFreezer.Freeze(_host, Path);

    /// <summary>Lets them go on.</summary>
    public void Thaw() => CgroupFreezer.Thaw(_host, Path);

    /// <summary>Whether all of it is frozen at this moment. Not there is not frozen.</summary>
    public bool IsFrozen() => CgroupFreezer.IsFrozen(_host, Path);

    /// <summary>Sends a signal to every process that is in it now.</summary>
    public void Signal(int signal)
    {
        foreach (var pid in Processes())
            _ = kill(pid, signal);
    }

    /// <summary>Removes it from every tree. Not there is no error.</summary>
    /// <exception cref="ErrnoException">It still has processes or children after half a second.</exception>
    public unsafe void Remove()
    {
        foreach (var hierarchy in _host.Hierarchies)
        {
            var directory = hierarchy.PathOf(Path);
            int error;
            for (var attempt = 0; (error = Descriptor.TryRemoveDirectory(directory)) == ErrnoNames.EBUSY && attempt < RemoveAttempts; attempt++)
                _ = poll(null, 0, 1);
            if (error != 0)
                throw new ErrnoException($"remove the cgroup {directory}", error);
        }
    }

    /// <summary>Removes it from the trees that only another runtime uses, where nothing is left in it.</summary>
    public void RemoveNamed()
    {
        foreach (var tree in _host.Named)
            _ = Descriptor.TryRemoveDirectory(tree.PathOf(Path));
    }

    /// <summary>How many processes the kernel has killed because the memory limit was reached.</summary>
    public long OomKills()
    {
        if (_host.Find("memory") is not { } memory)
            return 0;

        var file = memory.Unified ? "memory.events" : "memory.oom_control";
        return Figure(Descriptor.TryReadText($"{memory.PathOf(Path)}/{file}"), "oom_kill");
    }

    /// <summary>The number after a name in a file of lines <c>name number</c>; 0 if it is not there.</summary>
    internal static long Figure(string? text, string name)
    {
        foreach (var line in (text ?? "").Split('\n'))
        {
            if (line.Length > name.Length && line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] == ' ')
                return long.TryParse(line.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
        }

        return 0;
    }

    /// <summary>The processes that are in it now, without those below it.</summary>
    public IEnumerable<int> Processes()
    {
        var hierarchy = _host.Unified ?? _host.Find("freezer") ?? _host.Hierarchies[0];
        var text = Descriptor.TryReadText($"{hierarchy.PathOf(Path)}/cgroup.procs") ?? "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // 0 stands for a process that this pid namespace cannot see; kill(0) would hit ourselves.
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                yield return pid;
        }
    }

    private static void HandDown(CgroupHierarchy hierarchy, string directory)
    {
        // One at a time: a controller that cannot be handed down (cpu with realtime processes, say) must not keep back the rest.
        foreach (var controller in hierarchy.Controllers)
            _ = Descriptor.TryWriteText($"{directory}/cgroup.subtree_control", $"+{controller}");
    }

    // A v1 cpuset begins empty and takes no process until it has CPUs and memory nodes (cpusets.rst).
    private static void InheritCpuset(string parent, string directory)
    {
        foreach (var file in (ReadOnlySpan<string>)["cpuset.cpus", "cpuset.mems"])
        {
            if (Descriptor.TryReadText($"{directory}/{file}") is "" or "\n" && Descriptor.TryReadText($"{parent}/{file}") is { } inherited)
                _ = Descriptor.TryWriteText($"{directory}/{file}", inherited.Trim());
        }
    }
}
