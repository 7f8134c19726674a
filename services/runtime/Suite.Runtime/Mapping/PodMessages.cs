using Suite.Runtime.Pods;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>Pods, in CRI's words.</summary>
internal static class PodMessages
{
    public static Cri.PodSandboxState ToMessage(this PodState state) =>
        state == PodState.Ready ? Cri.PodSandboxState.SandboxReady : Cri.PodSandboxState.SandboxNotready;

    public static Cri.PodSandboxMetadata ToMessage(this PodMetadata metadata) => new()
    {
        Name = metadata.Name,
        Uid = metadata.Uid,
        Namespace = metadata.Namespace,
        Attempt = metadata.Attempt,
    };

    public static Cri.PodSandbox ToListItem(this Pod pod)
    {
        var item = new Cri.PodSandbox
        {
            Id = pod.Id,
            Metadata = pod.Metadata.ToMessage(),
            State = pod.State.ToMessage(),
            CreatedAt = pod.CreatedAt,
            RuntimeHandler = pod.RuntimeHandler,
        };
        item.Labels.Fill(pod.Config.Labels);
        item.Annotations.Fill(pod.Config.Annotations);
        return item;
    }

    public static Cri.PodSandboxStatus ToStatus(this Pod pod)
    {
        var namespaces = pod.Config.Namespaces;
        var status = new Cri.PodSandboxStatus
        {
            Id = pod.Id,
            Metadata = pod.Metadata.ToMessage(),
            State = pod.State.ToMessage(),
            CreatedAt = pod.CreatedAt,
            RuntimeHandler = pod.RuntimeHandler,
            Network = new Cri.PodSandboxNetworkStatus(),
            Linux = new Cri.LinuxPodSandboxStatus
            {
                Namespaces = new Cri.Namespace
                {
                    Options = new Cri.NamespaceOption
                    {
                        Network = (Cri.NamespaceMode)namespaces.Network,
                        Pid = (Cri.NamespaceMode)namespaces.Pid,
                        Ipc = (Cri.NamespaceMode)namespaces.Ipc,
                        TargetId = namespaces.TargetId,
                        UsernsOptions = UserMapping.ToMessage(pod.Config.Users),
                    },
                },
            },
        };
        // The address is the pod's while it is ready; for the host's network kubelet fills in the node's own.
        if (pod.IsReady && pod.Addresses.Count > 0)
        {
            status.Network.Ip = pod.Addresses[0];
            status.Network.AdditionalIps.AddRange(pod.Addresses.Skip(1).Select(address => new Cri.PodIP { Ip = address }));
        }
        status.Labels.Fill(pod.Config.Labels);
        status.Annotations.Fill(pod.Config.Annotations);
        return status;
    }

    public static bool Matches(this Pod pod, Cri.PodSandboxFilter? filter) =>
        filter is null
        || ((filter.Id.Length == 0 || pod.Id.StartsWith(filter.Id, StringComparison.Ordinal))
            && (filter.State is null || pod.State.ToMessage() == filter.State.State)
            && pod.Config.Labels.Match(filter.LabelSelector));
}
