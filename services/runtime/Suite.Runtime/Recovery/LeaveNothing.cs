using Microsoft.Extensions.Hosting;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Recovery;

/// <summary>
/// When the service ends: the instance's cgroups, which all pods shared, go if no pod is left in them. They are made anew with
/// the next pod.
/// </summary>
internal sealed class LeaveNothing(PodPlaces places) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var hierarchy in Hierarchies())
            RemoveIfEmpty(hierarchy + places.CgroupRoot);
        RemoveIfEmpty(places.PodsDirectory);
        return Task.CompletedTask;
    }

    // proc_pid_mountinfo(5): the fifth field is where a file system is mounted, and its type follows the lone dash.
    private static IEnumerable<string> Hierarchies() => File.ReadLines("/proc/self/mountinfo")
        .Where(line => line.Contains(" - cgroup", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[4])
        .Distinct();

    private static void RemoveIfEmpty(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory);
        }
        catch (IOException)
        {
            // Still in use, which is what it is for.
        }
    }
}
