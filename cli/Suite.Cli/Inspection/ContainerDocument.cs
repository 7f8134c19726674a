using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Inspection;

/// <summary>A container as `inspect` prints it: the names and the shape that scripts know from Docker.</summary>
internal sealed record ContainerDocument(
    string Id,
    string Created,
    string Path,
    IReadOnlyList<string> Args,
    ContainerState State,
    string Image,
    string Name,
    string LogPath,
    uint RestartCount,
    IReadOnlyList<ContainerMount> Mounts,
    ContainerHostConfig HostConfig,
    ContainerConfig Config,
    ContainerNetwork NetworkSettings)
{
    public static ContainerDocument From(InspectResponse response)
    {
        var (info, spec) = (response.Container, response.Spec ?? new ContainerSpec());
        return new ContainerDocument(
            info.Id,
            Timestamps.Rfc3339(info.CreatedAt),
            info.Command.FirstOrDefault() ?? "",
            [.. info.Command.Skip(1)],
            new ContainerState(
                ContainerText.Word(info.State).ToLowerInvariant(),
                ContainerText.IsUp(info.State),
                info.State == Container.V1.State.Paused,
                info.State == Container.V1.State.Restarting,
                info.Reason == "OOMKilled",
                info.Pid,
                info.ExitCode,
                info.Message,
                Timestamps.Rfc3339(info.StartedAt),
                Timestamps.Rfc3339(info.FinishedAt),
                info.Health.Length > 0 ? new ContainerHealth(info.Health) : null),
            info.ImageId,
            info.Name,
            info.LogPath,
            info.RestartCount,
            [.. response.Mounts.Select(m => new ContainerMount(m.Type, m.Name, m.Source, m.Target, !m.ReadOnly))],
            ContainerHostConfig.From(spec),
            ContainerConfig.From(info, spec),
            ContainerNetwork.From(info));
    }
}

internal sealed record ContainerState(
    string Status,
    bool Running,
    bool Paused,
    bool Restarting,
    bool OOMKilled,
    int Pid,
    int ExitCode,
    string Error,
    string StartedAt,
    string FinishedAt,
    ContainerHealth? Health);

internal sealed record ContainerHealth(string Status);

internal sealed record ContainerMount(string Type, string Name, string Source, string Destination, bool RW);

internal sealed record ContainerConfig(
    string Hostname,
    string User,
    bool Tty,
    bool OpenStdin,
    IReadOnlyList<string> Env,
    IReadOnlyList<string> Cmd,
    IReadOnlyList<string>? Entrypoint,
    string Image,
    string WorkingDir,
    IReadOnlyDictionary<string, string> Labels,
    string StopSignal)
{
    public static ContainerConfig From(ContainerInfo info, ContainerSpec spec) => new(
        spec.Hostname.Length > 0 ? spec.Hostname : Figures.ShortId(info.Id),
        spec.User,
        spec.Tty,
        spec.Stdin,
        [.. spec.Env],
        [.. spec.Command],
        spec.EntrypointSet ? [.. spec.Entrypoint] : null,
        info.Image,
        spec.WorkingDir,
        new SortedDictionary<string, string>(info.Labels, StringComparer.Ordinal),
        spec.StopSignal);
}
