using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Names;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;
using Suite.Runtime.Volumes;

namespace Suite.Runtime.Solo;

/// <summary>Makes a pod of one: two records and a root file system, nothing in the kernel.</summary>
internal sealed class CreateSolo(Inventory inventory, CreateContainer create, VolumeStore volumes, OwnProfile profile, PrivateUsers users, SharedNamespaces shared, TimeProvider time)
{
    public async Task<ContainerRecord> CreateAsync(SoloSpec asked, CancellationToken cancellationToken)
    {
        var spec = asked.Name.Length > 0 ? asked : asked with { Name = MadeUpNames.Make(name => inventory.ContainerByKey(name) is not null, Random.Shared) };
        if (inventory.ContainerByKey(spec.Name) is { } owner)
            throw new SuiteException(ErrorKind.AlreadyExists, $"cannot make container {spec.Name}: the name is taken by container {IdGenerator.Short(owner.Id)}; remove that one or choose another name");
        spec = shared.Resolve(spec);
        var (id, podId) = (IdGenerator.New(), IdGenerator.New());
        var pod = new Pod
        {
            Id = podId,
            Origin = PodOrigin.Suite,
            Config = SoloPlan.PodOf(spec, podId, id),
            State = PodState.NotReady,
            CreatedAt = time.NowNanoseconds(),
        };
        foreach (var link in spec.Links)
            inventory.AnyContainer(link.Container);
        spec = profile.Keep(spec with { Mounts = [.. spec.Mounts.Select(Found)] }, id);
        var config = SoloPlan.ContainerOf(spec);
        if (spec.PrivateUsers)
            users.Add(pod);
        else
            inventory.Add(pod);
        try
        {
            return await create.CreateSoloAsync(id, inventory.TryGetPod(podId, out var added) ? added : pod, config, spec, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            inventory.RemovePod(pod.Id);
            RemoveAnonymous(spec);
            profile.Forget(spec);
            throw;
        }
    }

    // A volume is there before what uses it: a crash in between leaves a folder with a name, which can be removed.
    private BindMount Found(BindMount mount)
    {
        if (mount.Volume.Length == 0)
            return mount;
        volumes.Ensure(mount.Volume, SoloVolumes.IsMadeUp(mount), NoLabels.Instance);
        return mount with { HostPath = volumes.PathOf(mount.Volume) };
    }

    private void RemoveAnonymous(SoloSpec spec)
    {
        foreach (var name in SoloVolumes.Anonymous(spec))
            volumes.RemoveUnused(name);
    }
}
