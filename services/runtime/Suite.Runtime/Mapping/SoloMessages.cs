using Google.Protobuf;
using Suite.Container.V1;
using Suite.Runtime.Containers;
using Suite.Runtime.Health;
using Suite.Runtime.Pods;
using Suite.Runtime.Specs;
using BindMount = Suite.Runtime.Containers.BindMount;

namespace Suite.Runtime.Mapping;

/// <summary>Containers, in suite.container.v1's words: those of Kubernetes are shown to people, too.</summary>
internal static class SoloMessages
{
    public static State ToState(this ContainerState state) => state switch
    {
        ContainerState.Creating or ContainerState.Created or ContainerState.Starting => State.Created,
        ContainerState.Running => State.Running,
        _ => State.Exited,
    };

    public static ContainerInfo ToInfo(this ContainerRecord container, Pod? pod)
    {
        var info = new ContainerInfo
        {
            Id = container.Id,
            Name = container.Name,
            Image = container.Config.UserSpecifiedImage.Length > 0 ? container.Config.UserSpecifiedImage : container.Config.Image,
            ImageId = container.Image.Id,
            State = container.Paused ? State.Paused : container.State.ToState(),
            RestartCount = container.RestartCount,
            ExitCode = container.ExitCode,
            Reason = container.Reason,
            Message = container.Message,
            CreatedAt = container.CreatedAt,
            StartedAt = container.StartedAt,
            FinishedAt = container.FinishedAt,
            Pid = container.Pid,
            LogPath = container.LogPath,
            SandboxId = container.PodId,
            Kubernetes = container.Origin == PodOrigin.Kubernetes,
        };
        info.Command.AddRange(CommandLine.Merge(container.Config, container.Image.Defaults));
        info.Labels.Fill(container.Config.Labels);
        info.Mounts.AddRange(container.Config.Mounts.Select(mount => mount.Volume.Length > 0 ? mount.Volume : mount.HostPath));
        if (pod is null)
            return info;
        info.Addresses.AddRange(pod.Addresses);
        info.Ports.AddRange((pod.IsReady ? pod.Ports : pod.Config.Ports).Select(SoloMapping.ToMessage));
        info.Networks.AddRange(NetworksOf(pod.Config));
        return info;
    }

    public static MountInfo ToInfo(BindMount mount) => new()
    {
        Type = mount.Volume.Length > 0 ? "volume" : "bind",
        Name = mount.Volume,
        Source = mount.HostPath,
        Target = mount.ContainerPath,
        ReadOnly = mount.ReadOnly,
    };

    /// <summary>What the request left to the image.</summary>
    public static void FillWithImage(InspectResponse response, ContainerRecord container)
    {
        var (config, image) = (container.Config, container.Image.Defaults);
        response.User = config.Security.User.Length > 0 ? config.Security.User : image.User;
        response.WorkingDir = config.WorkingDirectory.Length > 0 ? config.WorkingDirectory : image.WorkingDirectory;
        response.Env.AddRange(config.Environment.Concat(image.Environment).DistinctBy(variable => variable.Split('=')[0]));
        response.Health = container.Solo?.Health?.ToMessage();
    }

    public static void Fill(InspectResponse response, HealthHistory history)
    {
        response.HealthFailures = history.Failures;
        response.HealthProbes.AddRange(history.Probes.Select(probe => new Container.V1.HealthProbe
        {
            StartedAt = probe.StartedAt,
            FinishedAt = probe.FinishedAt,
            ExitCode = probe.ExitCode,
            Output = UnsafeByteOperations.UnsafeWrap(probe.Output),
        }));
    }

    private static IReadOnlyList<string> NetworksOf(PodConfig config) =>
        config.Namespaces.HostNetwork ? ["host"] : config.Networks.Count > 0 ? config.Networks : ["bridge"];
}
