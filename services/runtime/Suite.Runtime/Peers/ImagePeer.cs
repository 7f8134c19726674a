using Suite.Graph.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Telemetry;
using HealthCheck = Suite.Runtime.Health.HealthCheck;

namespace Suite.Runtime.Peers;

/// <summary>suite-image, as far as containers need it: a root file system made, and taken back.</summary>
internal sealed class ImagePeer(Graph.V1.Graph.GraphClient graph)
{
    // On roots that are of no use without a record of their container. Others make roots for themselves, whose keys are theirs.
    private const string TemporaryLabel = "suite.runtime.temporary";

    /// <param name="isTemporary">The root goes with the record of its container, should that get lost.</param>
    public async Task<PreparedRootfs> PrepareAsync(string containerId, string image, bool isTemporary, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("prepare root file system", containerId);
        var request = new PrepareRootfsRequest { Key = containerId, Image = image };
        if (isTemporary)
            request.Labels.Add(TemporaryLabel, "");
        var response = await graph.PrepareRootfsAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (response.Mounts is not [{ Target: "" } mount])
            throw new SuiteException(ErrorKind.Internal, $"suite-image answered {response.Mounts.Count} mounts for the root of {image}, where one was expected");
        return new PreparedRootfs(ToDomain(response.Image), [new RootfsMount(mount.Type, mount.Source, [.. mount.Options])]);
    }

    /// <summary>The ids of the containers that have a temporary root.</summary>
    public async Task<IReadOnlyList<string>> ListTemporaryAsync(CancellationToken cancellationToken)
    {
        var response = await graph.ListRootfsAsync(new ListRootfsRequest(), cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. response.Rootfs.Where(root => root.Labels.ContainsKey(TemporaryLabel)).Select(root => root.Key)];
    }

    public async Task RemoveAsync(string containerId, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("remove root file system", containerId);
        await graph.RemoveRootfsAsync(new RemoveRootfsRequest { Key = containerId }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    public async Task<(ulong Bytes, ulong Inodes)> UsageAsync(string containerId, CancellationToken cancellationToken)
    {
        var usage = await graph.RootfsUsageAsync(
            new RootfsUsageRequest { Key = containerId }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return (usage.UsedBytes, usage.InodesUsed);
    }

    private static ContainerImage ToDomain(ImageInfo image)
    {
        var config = image.Config ?? new ImageConfig();
        return new ContainerImage(image.Id, image.Id, new ImageDefaults
        {
            User = config.User,
            Environment = [.. config.Env],
            Entrypoint = [.. config.Entrypoint],
            Command = [.. config.Cmd],
            WorkingDirectory = config.WorkingDir,
            StopSignal = config.StopSignal,
            Volumes = [.. config.Volumes],
            ExposedPorts = [.. config.ExposedPorts],
            Health = ToDomain(config.HealthCheck),
        });
    }

    private static HealthCheck? ToDomain(Graph.V1.HealthCheck? check) => check is null ? null : new HealthCheck(
        [.. check.Test], Span(check.Interval), Span(check.Timeout), Span(check.StartPeriod), check.Retries)
    { None = check.Test.Count == 0, StartInterval = Span(check.StartInterval), Shell = check.Shell };

    private static TimeSpan Span(long nanoseconds) => TimeSpan.FromTicks(Math.Max(0, nanoseconds) / 100);
}

internal sealed record PreparedRootfs(ContainerImage Image, IReadOnlyList<RootfsMount> Mounts);
