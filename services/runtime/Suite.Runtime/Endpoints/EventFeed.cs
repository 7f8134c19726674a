using Grpc.Core;
using Runtime.V1;
using Suite.Runtime.Events;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Endpoints;

/// <summary>GetContainerEvents: every event with the full statuses of its pod.</summary>
internal sealed class EventFeed(ContainerEvents events)
{
    public async Task WriteAsync(IServerStreamWriter<ContainerEventResponse> stream, CancellationToken cancellationToken)
    {
        await foreach (var happened in events.ListenAsync(cancellationToken).ConfigureAwait(false))
        {
            if (happened.Pod.Origin == PodOrigin.Kubernetes)
                await stream.WriteAsync(ToMessage(happened), cancellationToken).ConfigureAwait(false);
        }
    }

    private static ContainerEventResponse ToMessage(ContainerEvent happened)
    {
        var response = new ContainerEventResponse
        {
            ContainerId = happened.Id,
            ContainerEventType = (ContainerEventType)happened.Kind,
            CreatedAt = happened.At,
            PodSandboxStatus = happened.Pod.ToStatus(),
        };
        response.ContainersStatuses.AddRange(happened.Containers.Where(container => container.IsVisible).Select(container => container.ToStatus()));
        return response;
    }
}
