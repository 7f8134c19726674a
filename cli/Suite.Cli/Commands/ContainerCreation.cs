using Grpc.Core;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

/// <summary>Makes a container, after fetching its image if that is not here.</summary>
internal static class ContainerCreation
{
    public static async Task<CreateResponse> CreateAsync(
        Invocation call, ContainerSpec spec, PullWish pull, CancellationToken cancellationToken)
    {
        var request = new CreateRequest { Spec = spec };
        if (pull.When == "always")
            await ImagePull.RunAsync(call, spec.Image, pull.Platform, pull.Quiet, cancellationToken);
        CreateResponse created;
        try
        {
            created = await call.Services.Containers.CreateAsync(request, cancellationToken: cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound && pull.When == "missing")
        {
            // A network may be missing as well: only for a missing image is there something to do.
            if (await IsHereAsync(call, spec.Image, cancellationToken))
                throw;
            if (!pull.Quiet)
                await call.Error.WriteLineAsync($"The image {spec.Image} is not on this machine: pulling it");
            await ImagePull.RunAsync(call, spec.Image, pull.Platform, pull.Quiet, cancellationToken);
            created = await call.Services.Containers.CreateAsync(request, cancellationToken: cancellationToken);
        }

        foreach (var warning in created.Warnings)
            await call.Error.WriteLineAsync($"suite: warning: {warning}");
        return created;
    }

    private static async Task<bool> IsHereAsync(Invocation call, string image, CancellationToken cancellationToken)
    {
        try
        {
            await call.Services.Images.InspectAsync(new Graph.V1.InspectRequest { Image = image }, cancellationToken: cancellationToken);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return false;
        }
    }
}

/// <summary>When and how an image is fetched for a container.</summary>
/// <param name="When">missing, always or never.</param>
/// <param name="Platform">Empty: this machine's.</param>
/// <param name="Quiet">Without progress.</param>
internal sealed record PullWish(string When, string Platform, bool Quiet);
