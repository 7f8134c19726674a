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
    public static ContainerDocument From(InspectResponse response, Network.V1.Attachment? attachment)
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
                ContainerHealth.From(response)),
            info.ImageId,
            // Docker's names begin with the path of a hierarchy that it never got: templates cut the slash off, as in {{slice .Name 1}}.
            "/" + info.Name,
            info.LogPath,
            info.RestartCount,
            [.. response.Mounts.Select(m => new ContainerMount(m.Type, m.Name, m.Source, m.Target, !m.ReadOnly))],
            ContainerHostConfig.From(info.Name, spec),
            ContainerConfig.From(response, spec),
            ContainerNetwork.From(info, attachment));
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

internal sealed record ContainerHealth(string Status, uint FailingStreak, IReadOnlyList<HealthRun> Log)
{
    /// <returns>Null: there is no check.</returns>
    public static ContainerHealth? From(InspectResponse response) => response.Health is null ? null : new ContainerHealth(
        response.Container.Health.Length > 0 ? response.Container.Health : "none",
        response.HealthFailures,
        [.. response.HealthProbes.Select(p => new HealthRun(Timestamps.Rfc3339(p.StartedAt), Timestamps.Rfc3339(p.FinishedAt), p.ExitCode, p.Output.ToStringUtf8()))]);
}

internal sealed record HealthRun(string Start, string End, int ExitCode, string Output);

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
    string StopSignal,
    ConfiguredHealth? Healthcheck)
{
    public static ContainerConfig From(InspectResponse response, ContainerSpec spec) => new(
        spec.Hostname.Length > 0 ? spec.Hostname : Figures.ShortId(response.Container.Id),
        response.User,
        spec.Tty,
        spec.Stdin,
        [.. response.Env],
        [.. spec.Command],
        spec.EntrypointSet ? [.. spec.Entrypoint] : null,
        response.Container.Image,
        response.WorkingDir,
        new SortedDictionary<string, string>(response.Container.Labels, StringComparer.Ordinal),
        spec.StopSignal,
        ConfiguredHealth.From(response.Health));
}

/// <summary>Spans in nanoseconds.</summary>
internal sealed record ConfiguredHealth(IReadOnlyList<string> Test, long Interval, long Timeout, long StartPeriod, long StartInterval, uint Retries)
{
    public static ConfiguredHealth? From(Graph.V1.HealthCheck? check) => check switch
    {
        null => null,
        { Test.Count: 0 } => new ConfiguredHealth(["NONE"], 0, 0, 0, 0, 0),
        _ => new ConfiguredHealth(TestOf(check.Shell, check.Test), check.Interval, check.Timeout, check.StartPeriod, check.StartInterval, check.Retries),
    };

    public static ConfiguredHealth? From(HealthCheck? check) =>
        check is null ? null : new ConfiguredHealth(TestOf(check.Shell, check.Test), check.Interval, check.Timeout, check.StartPeriod, check.StartInterval, check.Retries);

    private static IReadOnlyList<string> TestOf(bool shell, IList<string> test) => shell ? ["CMD-SHELL", test[^1]] : ["CMD", .. test];
}
