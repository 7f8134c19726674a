using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Names;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>Makes a pod of one: two records and a root file system, nothing in the kernel.</summary>
internal sealed class CreateSolo(Inventory inventory, CreateContainer create, TimeProvider time)
{
    public async Task<ContainerRecord> CreateAsync(SoloSpec asked, CancellationToken cancellationToken)
    {
        var spec = asked.Name.Length > 0 ? asked : asked with { Name = MadeUpNames.Make(name => inventory.ContainerByKey(name) is not null, Random.Shared) };
        if (inventory.ContainerByKey(spec.Name) is { } owner)
            throw new SuiteException(ErrorKind.AlreadyExists, $"cannot make container {spec.Name}: the name is taken by container {IdGenerator.Short(owner.Id)}; remove that one or choose another name");
        var (id, podId) = (IdGenerator.New(), IdGenerator.New());
        var pod = new Pod
        {
            Id = podId,
            Origin = PodOrigin.Suite,
            Config = SoloPlan.PodOf(spec, podId, id),
            State = PodState.NotReady,
            CreatedAt = time.NowNanoseconds(),
        };
        var config = SoloPlan.ContainerOf(spec);
        inventory.Add(pod);
        try
        {
            return await create.CreateSoloAsync(id, pod, config, spec, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            inventory.RemovePod(pod.Id);
            throw;
        }
    }
}
