using Suite.Runtime.Containers;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>Containers, in CRI's words.</summary>
internal static class ContainerMessages
{
    public static Cri.ContainerState ToMessage(this ContainerState state) => state switch
    {
        ContainerState.Creating or ContainerState.Discarding or ContainerState.Created or ContainerState.Starting => Cri.ContainerState.ContainerCreated,
        ContainerState.Running => Cri.ContainerState.ContainerRunning,
        _ => Cri.ContainerState.ContainerExited,
    };

    public static Cri.Container ToListItem(this ContainerRecord container)
    {
        var item = new Cri.Container
        {
            Id = container.Id,
            PodSandboxId = container.PodId,
            Metadata = Metadata(container),
            Image = ImageSpec(container),
            ImageRef = container.Image.Reference,
            ImageId = container.Image.Id,
            State = container.State.ToMessage(),
            CreatedAt = container.CreatedAt,
        };
        item.Labels.Fill(container.Config.Labels);
        item.Annotations.Fill(container.Config.Annotations);
        return item;
    }

    /// <param name="resources">Those in force, where they were asked for of the kernel; null: as recorded.</param>
    public static Cri.ContainerStatus ToStatus(this ContainerRecord container, ContainerResources? resources = null)
    {
        var status = new Cri.ContainerStatus
        {
            Id = container.Id,
            Metadata = Metadata(container),
            State = container.State.ToMessage(),
            CreatedAt = container.CreatedAt,
            StartedAt = container.StartedAt,
            FinishedAt = container.FinishedAt,
            ExitCode = container.ExitCode,
            Image = ImageSpec(container),
            ImageRef = container.Image.Reference,
            ImageId = container.Image.Id,
            Reason = container.Reason,
            Message = container.Message,
            LogPath = container.LogPath,
            Resources = new Cri.ContainerResources { Linux = (resources ?? container.Config.Resources).ToMessage() },
            StopSignal = SignalMapping.ToSignal(container.StopSignal),
        };
        status.Labels.Fill(container.Config.Labels);
        status.Annotations.Fill(container.Config.Annotations);
        status.Mounts.AddRange(container.Config.Mounts.Select(mount => mount.ToMessage()));
        if (container.User is { } user)
        {
            status.User = new Cri.ContainerUser { Linux = new Cri.LinuxContainerUser { Uid = user.Uid, Gid = user.Gid } };
            status.User.Linux.SupplementalGroups.AddRange(user.Groups.Select(group => (long)group));
        }
        return status;
    }

    public static bool Matches(this ContainerRecord container, Cri.ContainerFilter? filter) =>
        filter is null
        || ((filter.Id.Length == 0 || container.Id.StartsWith(filter.Id, StringComparison.Ordinal))
            && (filter.PodSandboxId.Length == 0 || container.PodId.StartsWith(filter.PodSandboxId, StringComparison.Ordinal))
            && (filter.State is null || container.State.ToMessage() == filter.State.State)
            && container.Config.Labels.Match(filter.LabelSelector));

    private static Cri.ContainerMetadata Metadata(ContainerRecord container) =>
        new() { Name = container.Config.Name, Attempt = container.Config.Attempt };

    private static Cri.ImageSpec ImageSpec(ContainerRecord container) =>
        new() { Image = container.Config.Image, UserSpecifiedImage = container.Config.UserSpecifiedImage };
}
