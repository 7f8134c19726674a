using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Store;
using ContainerState = Suite.Runtime.Containers.ContainerState;

namespace Suite.Runtime.Copies;

/// <summary>
/// The files of a container as its processes see them: through its first process while it runs, with all that is mounted in it,
/// and as a mount of its own, without volumes, while it does not.
/// </summary>
internal sealed class ContainerRoots(Inventory inventory, KeyedLocks locks)
{
    /// <summary>Does something with the root of a container, which is not started or ended by this service meanwhile when it does not run.</summary>
    public async Task<T> WithRootAsync<T>(ContainerRecord container, Func<SafeFileHandle, Task<T>> work, CancellationToken cancellationToken)
    {
        if (container.State == ContainerState.Running)
        {
            using var live = OpenRunning(container);
            return await work(live).ConfigureAwait(false);
        }
        using var held = await locks.AcquireAsync(container.Id, cancellationToken).ConfigureAwait(false);
        var now = inventory.AnyContainer(container.Id);
        using var root = now.State == ContainerState.Running ? OpenRunning(now) : OpenIdle(now);
        return await work(root).ConfigureAwait(false);
    }

    /// <summary>Of one that does not run, for who holds its lock or is making it.</summary>
    public static SafeFileHandle OpenIdle(ContainerRecord container)
    {
        var rootfs = container.Rootfs[0];
        return DetachedRoot.Open(new Mount { Type = rootfs.Type, Source = rootfs.Source, Options = rootfs.Options });
    }

    private SafeFileHandle OpenRunning(ContainerRecord container)
    {
        var descriptor = Descriptor.TryOpen($"/proc/{container.Pid}/root", FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_CLOEXEC, 0, out var error);
        var root = new SafeFileHandle(descriptor, ownsHandle: true);
        // Looked at after the open: a number that was given to another process by then is not this container's any more.
        if (descriptor >= 0 && inventory.TryGetContainer(container.Id, out var now) && now.Pid == container.Pid)
            return root;
        root.Dispose();
        throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot open the files of container {container.Name}: it has just ended; try again{(descriptor < 0 ? $" ({ErrnoNames.Describe(error)})" : "")}");
    }
}
