using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Events;
using Suite.Runtime.Handlers;
using Suite.Runtime.Journals;
using Suite.Runtime.Names;
using Suite.Runtime.Peers;
using Suite.Runtime.Pods;
using Suite.Runtime.Shims;
using Suite.Runtime.Solo;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;
using Suite.Runtime.Volumes;

namespace Suite.Runtime.Containers;

/// <summary>
/// Makes a container in a pod, not started: a record, a root file system, and the proof that what is asked can be built.
/// Nothing of it is in the kernel yet. Idempotent by pod, name and attempt.
/// </summary>
internal sealed partial class CreateContainer(
    Inventory inventory,
    ImagePeer images,
    ImageVolumes volumes,
    ContainerPlanner planner,
    PodPlaces places,
    PodShims shims,
    ContainerEvents events,
    Journal journal,
    VolumeFill filling,
    ImageWords words,
    RuntimeHandlers handlers,
    TimeProvider time,
    ILogger<CreateContainer> logger)
{
    private readonly InFlight<ContainerRecord> _making = new();

    public Task<ContainerRecord> CreateAsync(Pod pod, ContainerConfig config, CancellationToken cancellationToken) =>
        _making.RunOrJoinAsync(
            ContainerRecord.KeyOf(pod.Id, config.Name, config.Attempt),
            token => inventory.ContainerByKey(ContainerRecord.KeyOf(pod.Id, config.Name, config.Attempt)) is { } existing
                ? Task.FromResult(existing)
                : MakeAsync(IdGenerator.New(), pod, config, solo: null, token),
            cancellationToken);

    /// <summary>For a pod of one, whose name is unique by itself, and whose hostname is made from the container's id.</summary>
    public Task<ContainerRecord> CreateSoloAsync(string id, Pod pod, ContainerConfig config, SoloSpec solo, CancellationToken cancellationToken) =>
        MakeAsync(id, pod, config, solo, cancellationToken);

    private async Task<ContainerRecord> MakeAsync(string id, Pod pod, ContainerConfig config, SoloSpec? solo, CancellationToken cancellationToken)
    {
        RequireReady(pod, config);
        VolumeChecks.Check(config, pod);
        await handlers.RequireAsync(config, pod).ConfigureAwait(false);
        var container = new ContainerRecord
        {
            Id = id,
            PodId = pod.Id,
            Origin = pod.Origin,
            Config = config,
            State = ContainerState.Creating,
            CreatedAt = time.NowNanoseconds(),
            Solo = solo,
        };
        // A root that no record names is found by a restart. Of image volumes, and of what a person's container has, only the record tells.
        var isTemporary = solo is null && config.Mounts.All(mount => mount.Image is null);
        if (isTemporary)
            inventory.AddSoon(container);
        else
            inventory.Add(container);
        var undo = new UndoStack();
        try
        {
            undo.Push("remove its root file system", () => images.RemoveAsync(container.Id, CancellationToken.None));
            undo.Push("give back its image volumes", () => volumes.RemoveAsync(container.Id, config.Mounts, CancellationToken.None));
            var preparing = images.PrepareAsync(container.Id, config.Image, isTemporary, cancellationToken);
            Announce(pod, container, undo);
            var rootfs = await preparing.ConfigureAwait(false);
            var mounts = await volumes.PrepareAsync(container.Id, config.Mounts, cancellationToken).ConfigureAwait(false);
            var made = Complete(container with { Config = config with { Mounts = mounts } }, pod, rootfs);
            if (solo is not null)
                made = words.Apply(made);
            // Whatever is wrong with the request comes to light here, not at the start.
            made = made with { User = planner.Prove(made, pod) };
            MakeSources(config);
            if (solo is not null)
            {
                made = filling.WithThoseOfImage(made, undo);
                await filling.FillAsync(made, cancellationToken).ConfigureAwait(false);
            }
            var created = inventory.UpdateContainer(container.Id, _ => made)!;
            RequireReady(inventory.TryGetPod(pod.Id, out var now) ? now : pod with { State = PodState.Removing }, config);
            undo.Commit();
            events.Publish(created.Id, pod.Id, ContainerEventKind.Created);
            journal.Record(created, Actions.Create);
            return created;
        }
        catch
        {
            await TakeBackAsync(container, undo).ConfigureAwait(false);
            throw;
        }
    }

    // The shim makes what it can while the image service prepares the root file system. Nobody waits for it: what it did not do, the
    // start does, and says why when it cannot. A pod of one has its shim with its start.
    private void Announce(Pod pod, ContainerRecord container, UndoStack undo)
    {
        if (pod.Origin != PodOrigin.Kubernetes || pod.Runtime is not null || shims.Find(pod.Id) is not { } shim)
            return;
        undo.Push("forget it in the shim", () => shims.Find(pod.Id)?.DeleteContainerAsync(container.Id, CancellationToken.None) ?? Task.CompletedTask);
        _ = shim.AnnounceContainerAsync(container.Id, places.CgroupOf(pod, container.Id), planner.TryLimitsOf(container.Config), planner.TryHeadStartOf(container, pod), CancellationToken.None)
            .ContinueWith(task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private ContainerRecord Complete(ContainerRecord container, Pod pod, PreparedRootfs rootfs)
    {
        var signal = container.Config.StopSignal;
        if (signal == 0 && rootfs.Image.Defaults.StopSignal is { Length: > 0 } named)
            signal = SignalNumbers.Parse(named, $"stop signal of image {container.Config.Image}");
        return container with
        {
            State = ContainerState.Created,
            Image = rootfs.Image,
            Rootfs = rootfs.Mounts,
            StopSignal = signal == 0 ? SignalNumbers.Term : signal,
            LogPath = container.Solo is null ? places.LogOf(pod, container.Config) ?? "" : Path.Combine(places.StateOf(container.Id), "container.log"),
        };
    }

    private async Task TakeBackAsync(ContainerRecord container, UndoStack undo)
    {
        var failures = await undo.UndoAsync().ConfigureAwait(false);
        foreach (var failure in failures)
            LeftBehind(container.Id, failure);
        if (failures.Count == 0)
            inventory.RemoveContainer(container.Id);
        else
            inventory.UpdateContainer(container.Id, current => current with { State = ContainerState.Discarding });
    }

    // A pod of one gets its sandbox with its start.
    private static void RequireReady(Pod pod, ContainerConfig config)
    {
        if (pod.Origin == PodOrigin.Kubernetes && !pod.IsReady)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot make container {config.Name}: pod {pod.Metadata} is not ready");
    }

    // As kubelet's older runtimes did, and as people expect of -v: a folder that is missing on the host is made.
    private static void MakeSources(ContainerConfig config)
    {
        foreach (var mount in config.Mounts)
        {
            if (mount.Image is not null || Path.Exists(mount.HostPath))
                continue;
            try
            {
                Directory.CreateDirectory(mount.HostPath);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new SuiteException(ErrorKind.InvalidArgument, $"mount of {mount.HostPath} on {mount.ContainerPath}: the folder is not on the host and cannot be made: {failure.Message}", failure);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "container {ContainerId} could not be made, and taking it back failed: {Failure}")]
    private partial void LeftBehind(string containerId, string failure);
}
