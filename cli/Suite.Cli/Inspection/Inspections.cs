using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Suite.Cli.Endpoints;

namespace Suite.Cli.Inspection;

/// <summary>Finds one thing of a kind by its name or id, as the document that is printed of it.</summary>
internal static class Inspections
{
    public static readonly IReadOnlyDictionary<string, Func<ServiceClients, string, CancellationToken, Task<JsonObject>>> ByType =
        new Dictionary<string, Func<ServiceClients, string, CancellationToken, Task<JsonObject>>>
        {
            // In the order in which a name without a type is looked for.
            ["container"] = ContainerAsync,
            ["image"] = ImageAsync,
            ["network"] = NetworkAsync,
            ["volume"] = VolumeAsync,
        };

    public static async Task<JsonObject> ContainerAsync(ServiceClients services, string name, CancellationToken cancellationToken)
    {
        var answer = await services.Containers.InspectAsync(new Container.V1.InspectRequest { Container = name }, cancellationToken: cancellationToken);
        var attachment = await AttachmentAsync(services, answer.Container, cancellationToken);
        return Node(JsonSerializer.SerializeToNode(ContainerDocument.From(answer, attachment), InspectionJson.Default.ContainerDocument));
    }

    public static async Task<JsonObject> ImageAsync(ServiceClients services, string name, CancellationToken cancellationToken)
    {
        var answer = await services.Images.InspectAsync(new Graph.V1.InspectRequest { Image = name }, cancellationToken: cancellationToken);
        return Node(JsonSerializer.SerializeToNode(ImageDocument.From(answer.Image), InspectionJson.Default.ImageDocument));
    }

    public static async Task<JsonObject> NetworkAsync(ServiceClients services, string name, CancellationToken cancellationToken)
    {
        var answer = await services.Network.InspectNetworkAsync(new Network.V1.InspectNetworkRequest { Network = name }, cancellationToken: cancellationToken);
        return Node(JsonSerializer.SerializeToNode(NetworkDocument.From(answer), InspectionJson.Default.NetworkDocument));
    }

    public static async Task<JsonObject> VolumeAsync(ServiceClients services, string name, CancellationToken cancellationToken)
    {
        var answer = await services.Volumes.InspectVolumeAsync(new Container.V1.InspectVolumeRequest { Name = name }, cancellationToken: cancellationToken);
        return VolumeDocument.From(answer.Volume);
    }

    /// <summary>What the container's service cannot tell. That the other is down is no reason to say nothing of the container.</summary>
    private static async Task<Network.V1.Attachment?> AttachmentAsync(ServiceClients services, Container.V1.ContainerInfo container, CancellationToken cancellationToken)
    {
        if (container.Pid == 0 || container.SandboxId.Length == 0)
            return null;
        try
        {
            var request = new Network.V1.ListAttachmentsRequest { SandboxId = container.SandboxId };
            return (await services.Network.ListAttachmentsAsync(request, cancellationToken: cancellationToken)).Attachments.FirstOrDefault();
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.NotFound)
        {
            return null;
        }
    }

    private static JsonObject Node(JsonNode? node) => (JsonObject)node!;
}
