using System.Runtime.InteropServices;
using Suite.Container.V1;
using Suite.Hosting;
using Suite.Linux.Cgroups;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Suite.Runtime.Store;

namespace Suite.Runtime.Endpoints;

/// <summary>The machine and what runs on it, for people.</summary>
internal sealed class HostFacts(Inventory inventory, SuitePaths paths)
{
    public InfoResponse Describe()
    {
        var states = inventory.Containers.Where(container => container.IsVisible).CountBy(container => container.State.ToState()).ToDictionary();
        return new InfoResponse
        {
            Version = RuntimeFacts.SuiteVersion,
            Containers = (uint)states.Values.Sum(),
            Running = (uint)states.GetValueOrDefault(State.Running),
            Created = (uint)states.GetValueOrDefault(State.Created),
            Exited = (uint)states.GetValueOrDefault(State.Exited),
            KernelVersion = Environment.OSVersion.Version.ToString(),
            Paused = (uint)inventory.Containers.Count(container => container.Paused),
            CgroupVersion = CgroupHost.Detect().Version,
            OperatingSystem = OperatingSystemName(),
            Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            Cpus = (uint)Environment.ProcessorCount,
            MemoryBytes = (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            RootDirectory = paths.Root,
            RunDirectory = paths.Run,
            Hostname = Environment.MachineName,
            SecurityOptions = { SecurityOptions() },
        };
    }

    private static IEnumerable<string> SecurityOptions()
    {
        yield return "seccomp (default)";
        if (Directory.Exists("/sys/kernel/security/apparmor"))
            yield return "apparmor";
        if (Directory.Exists("/sys/fs/selinux/class"))
            yield return "selinux";
        if (Path.Exists("/proc/self/ns/user"))
            yield return "user namespaces";
    }

    private static string OperatingSystemName()
    {
        const string Key = "PRETTY_NAME=";
        if (!File.Exists("/etc/os-release"))
            return "Linux";
        var line = File.ReadLines("/etc/os-release").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? "Linux" : line[Key.Length..].Trim('"');
    }
}
