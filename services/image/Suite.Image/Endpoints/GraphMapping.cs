using System.Text;
using Suite.Graph.V1;
using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Drivers;
using Suite.Image.Pulls;
using Suite.Image.Records;
using Suite.Image.Registries;
using Suite.Oci.References;

namespace Suite.Image.Endpoints;

/// <summary>Between suite.graph.v1's messages and our records.</summary>
internal static class GraphMapping
{
    public static ImageInfo ToInfo(ImageRecord image)
    {
        var config = image.Config;
        var info = new ImageInfo
        {
            Id = image.Id.ToString(),
            Size = (ulong)image.Size,
            CreatedAt = Nanoseconds(config.Created),
            Architecture = config.Architecture,
            Os = config.Os,
            Author = config.Author ?? "",
            Config = ToConfig(config.Config ?? new Oci.Images.ContainerConfig()),
        };
        info.Tags.AddRange(image.Tags.Select(t => Reference.Parse(t).Familiar));
        info.Digests.AddRange(image.Digests.Select(d => Reference.Parse(d).Familiar));
        info.DiffIds.AddRange(config.Rootfs.DiffIds.Select(d => d.ToString()));
        info.History.AddRange((config.History ?? []).Select(h => new HistoryEntry
        {
            CreatedAt = Nanoseconds(h.Created), CreatedBy = h.CreatedBy ?? "", Comment = h.Comment ?? "", EmptyLayer = h.EmptyLayer ?? false,
        }));
        return info;
    }

    public static Mount ToMount(RootfsMount mount)
    {
        var message = new Mount { Type = mount.Type, Source = mount.Source };
        message.Options.AddRange(mount.Options);
        return message;
    }

    /// <param name="reference">What is pulled or pushed now.</param>
    /// <param name="called">What was asked for: a short name may be searched for in other registries, whose business a password is not.</param>
    public static Credentials ToCredentials(RegistryAuth? auth, Reference reference, string called) =>
        auth is null || reference.Host != (auth.Host.Length > 0 ? auth.Host : Reference.Parse(called).Host)
            ? Credentials.Anonymous
            : new Credentials(auth.Username, auth.Password, auth.IdentityToken, auth.RegistryToken);

    public static Resolved ToResolved(ResolvedEvent e)
    {
        var resolved = new Resolved { Reference = e.Reference.ToString(), Digest = e.Digest.ToString() };
        resolved.Layers.AddRange(e.Layers.Select(l => l.ToString()));
        return resolved;
    }

    public static BlobProgress ToProgress(BlobEvent e) => new()
    {
        Digest = e.Digest.ToString(),
        Current = (ulong)e.Current,
        Total = (ulong)e.Total,
        State = e.State switch
        {
            TransferState.Downloading => BlobState.Downloading,
            TransferState.Uploading => BlobState.Uploading,
            TransferState.Exists => BlobState.Exists,
            TransferState.Done => BlobState.Done,
            _ => BlobState.Waiting,
        },
    };

    public static RootfsChange ToChange(TreeChange change) => new()
    {
        Path = "/" + Encoding.UTF8.GetString(change.Path),
        Kind = change.Kind switch
        {
            TreeChangeKind.Added => ChangeKind.Added,
            TreeChangeKind.Deleted => ChangeKind.Deleted,
            _ => ChangeKind.Modified,
        },
    };

    /// <summary>Of a container that was started; null where nothing is said.</summary>
    public static Oci.Images.ContainerConfig? ToContainerConfig(ImageConfig? config) => config is null ? null : new Oci.Images.ContainerConfig
    {
        User = config.User, WorkingDir = config.WorkingDir, Env = [.. config.Env], Entrypoint = [.. config.Entrypoint], Cmd = [.. config.Cmd],
        Labels = new Dictionary<string, string>(config.Labels),
    };

    private static ImageConfig ToConfig(Oci.Images.ContainerConfig config)
    {
        var message = new ImageConfig { User = config.User ?? "", WorkingDir = config.WorkingDir ?? "", StopSignal = config.StopSignal ?? "" };
        message.Env.AddRange(config.Env ?? []);
        message.Entrypoint.AddRange(config.Entrypoint ?? []);
        message.Cmd.AddRange(config.Cmd ?? []);
        message.ExposedPorts.AddRange((config.ExposedPorts?.Keys ?? []).Order(StringComparer.Ordinal));
        message.Volumes.AddRange((config.Volumes?.Keys ?? []).Order(StringComparer.Ordinal));
        foreach (var (key, value) in config.Labels ?? new Dictionary<string, string>()) message.Labels[key] = value;
        message.HealthCheck = HealthChecks.Of(config);
        return message;
    }

    private static long Nanoseconds(DateTimeOffset? time) => time is { } t ? (t - DateTimeOffset.UnixEpoch).Ticks * 100 : 0;
}
