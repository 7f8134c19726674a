using System.Collections.Concurrent;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Specs;

/// <summary>
/// Plans that were built to see whether a container can be made, for its start, which most often comes next: what the host and
/// the image are asked for need not be asked twice. A plan is good for the records it was built from and no others.
/// </summary>
internal sealed class PlannedStarts
{
    /// <summary>Of those that are never started, so many are kept at most; one has some 10 KiB.</summary>
    private const int Most = 64;

    private readonly ConcurrentDictionary<string, Planned> _plans = new();

    public void Keep(ContainerRecord container, Pod pod, ContainerPlan plan, ContainerUser user)
    {
        if (_plans.Count >= Most)
            _plans.Clear();
        _plans[container.Id] = new Planned(container, pod, plan, user);
    }

    /// <summary>The plan, once; null when there is none or something that goes into it has changed.</summary>
    public (ContainerPlan Plan, ContainerUser User)? Take(ContainerRecord container, Pod pod) =>
        _plans.TryRemove(container.Id, out var planned) && planned.IsFor(container, pod) ? (planned.Plan, planned.User) : null;

    private sealed record Planned(ContainerRecord Container, Pod Pod, ContainerPlan Plan, ContainerUser User)
    {
        // Records are never changed in place; other fields of the container's are its states.
        public bool IsFor(ContainerRecord container, Pod pod) =>
            ReferenceEquals(Pod, pod) && ReferenceEquals(Container.Config, container.Config) && ReferenceEquals(Container.Rootfs, container.Rootfs) && ReferenceEquals(Container.Image, container.Image);
    }
}
