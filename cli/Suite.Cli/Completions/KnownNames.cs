using Grpc.Core;
using Suite.Cli.Endpoints;
using Suite.Cli.Output;
using Suite.Linux.Errors;

namespace Suite.Cli.Completions;

/// <summary>The values that there are for a kind of word, by what help calls it.</summary>
internal sealed class KnownNames(ServiceClients services, TimeProvider time)
{
    // A person waits for it with a finger on the key.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<IEnumerable<Candidate>> OfAsync(string kind, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return kind switch
            {
                "CONTAINER" or "CONTAINER[:ALIAS]" or "CONTAINER[:ro]" => await ContainersAsync(limit.Token),
                "IMAGE" => await ImagesAsync(limit.Token),
                "CONTAINER|IMAGE" => (await ContainersAsync(limit.Token)).Concat(await ImagesAsync(limit.Token)),
                "VOLUME" => (await services.Volumes.ListVolumesAsync(new Container.V1.ListVolumesRequest(), cancellationToken: limit.Token)).Volumes.Select(v => new Candidate(v.Name)),
                "NETWORK" => (await services.Network.ListNetworksAsync(new Network.V1.ListNetworksRequest(), cancellationToken: limit.Token)).Networks.Select(n => new Candidate(n.Name, n.Driver)),
                "SHELL" => Words("bash", "zsh", "fish"),
                "POLICY" => Words("no", "on-failure", "always", "unless-stopped"),
                "SIGNAL" => Words("SIGHUP", "SIGINT", "SIGKILL", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"),
                "WHEN" => Words("missing", "always", "never"),
                "host" => Words("host"),
                "host|private" => Words("host", "private"),
                "TYPE" => Words("container", "image", "network", "volume"),
                _ => [],
            };
        }
        catch (Exception e) when (e is RpcException or SuiteException or OperationCanceledException)
        {
            // Services that are down have no names: the shell offers files.
            return [];
        }
    }

    private static IEnumerable<Candidate> Words(params string[] words) => words.Select(word => new Candidate(word));

    private async Task<IEnumerable<Candidate>> ContainersAsync(CancellationToken cancellationToken) =>
        (await services.Containers.ListAsync(new Container.V1.ListRequest { All = true }, cancellationToken: cancellationToken)).Containers
            .Select(c => new Candidate(c.Name, $"{ImageNames.Familiar(c.Image)}, {ContainerText.Status(c, time)}"));

    private async Task<IEnumerable<Candidate>> ImagesAsync(CancellationToken cancellationToken) =>
        (await services.Images.ListAsync(new Graph.V1.ListRequest(), cancellationToken: cancellationToken)).Images
            .SelectMany(i => i.Tags.Select(tag => new Candidate(ImageNames.Familiar(tag), Figures.Size(i.Size))));
}
