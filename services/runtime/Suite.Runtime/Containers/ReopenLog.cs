using Suite.Linux.Errors;
using Suite.Runtime.Shims;

namespace Suite.Runtime.Containers;

/// <summary>Goes over to a new log file after the old one was renamed. When it returns the new one is there.</summary>
internal sealed class ReopenLog(PodShims shims)
{
    public Task ReopenAsync(ContainerRecord container, CancellationToken cancellationToken)
    {
        if (container.State != ContainerState.Running)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot reopen the log of container {container.Name}: it is {container.State.Word()}, and must be running");
        return container.LogPath.Length == 0
            ? Task.CompletedTask
            : shims.Of(container.PodId).ReopenLogAsync(container.Id, cancellationToken);
    }
}
