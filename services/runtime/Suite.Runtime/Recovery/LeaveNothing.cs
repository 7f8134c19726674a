using Microsoft.Extensions.Hosting;
using Suite.Linux.Cgroups;
using Suite.Linux.Handles;
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
        // One that is still in use stays, which is what it is for.
        var host = CgroupHost.Detect();
        foreach (var hierarchy in host.Hierarchies.Concat(host.Named))
            _ = Descriptor.TryRemoveDirectory(hierarchy.PathOf(places.CgroupRoot));
        _ = Descriptor.TryRemoveDirectory(places.PodsDirectory);
        // Where other runtimes have kept their containers, if none of them is left.
        if (Directory.Exists(places.HandlersDirectory))
        {
            foreach (var handler in Directory.GetDirectories(places.HandlersDirectory).Append(places.HandlersDirectory))
                _ = Descriptor.TryRemoveDirectory(handler);
        }
        return Task.CompletedTask;
    }
}
