using Grpc.Core;
using Suite.Cli.Endpoints;
using Suite.Graph.V1;

namespace Suite.Cli.Inspection;

/// <summary>What a container takes on the disk.</summary>
/// <param name="Written">Bytes of its own.</param>
/// <param name="Whole">With those of its image, which others share.</param>
internal sealed record ContainerSizes(ulong Written, ulong Whole)
{
    /// <returns>Null when it was removed meanwhile.</returns>
    public static async Task<ContainerSizes?> OfAsync(ServiceClients services, string id, string image, CancellationToken cancellationToken)
    {
        try
        {
            var usage = await services.Graph.RootfsUsageAsync(new RootfsUsageRequest { Key = id }, cancellationToken: cancellationToken);
            return new ContainerSizes(usage.UsedBytes, usage.UsedBytes + await OfImageAsync(services, image, cancellationToken));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task<ulong> OfImageAsync(ServiceClients services, string image, CancellationToken cancellationToken)
    {
        try
        {
            var found = await services.Images.InspectAsync(new InspectRequest { Image = image }, cancellationToken: cancellationToken);
            return found.LayerSizes.Aggregate(0UL, (sum, size) => sum + size);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
        {
            return 0; // removed by force: its layers stay for the container alone
        }
    }
}
