using Suite.Linux.Errors;
using Suite.Runtime.Shims;

namespace Suite.Runtime.Containers;

/// <summary>Sends one signal to a container's first process.</summary>
internal sealed class KillContainer(PodShims shims)
{
    public Task KillAsync(ContainerRecord container, int signal, CancellationToken cancellationToken)
    {
        if (container.State != ContainerState.Running)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot kill container {container.Name}: it is {container.State.Word()}, and must be running");
        return shims.Of(container.PodId).SignalAsync(container.Id, signal, all: false, cancellationToken);
    }
}
