using Grpc.Core;
using Runtime.V1;
using Suite.Runtime.Events;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Endpoints;

/// <summary>GetContainerEvents: every event with the full statuses of its pod, so that kubelet need not ask again.</summary>
internal sealed class EventFeed(ContainerEvents events, Inventory inventory)
{
    public async Task WriteAsync(IServerStreamWriter<ContainerEventResponse> stream, CancellationToken cancellationToken)
    {
        await foreach (var happened in events.ListenAsync(cancellationToken).ConfigureAwait(false))
        {
            var response = new ContainerEventResponse
            {
                ContainerId = happened.Id,
                ContainerEventType = (ContainerEventType)happened.Kind,
                CreatedAt = happened.At,
            };
            if (inventory.TryGetPod(happened.PodId, out var pod))
            {
                if (pod.Origin != PodOrigin.Kubernetes)
                    continue;
                response.PodSandboxStatus = pod.ToStatus();
                response.ContainersStatuses.AddRange(PodLists.ContainerStatuses(inventory, pod));
            }
            await stream.WriteAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }
}
