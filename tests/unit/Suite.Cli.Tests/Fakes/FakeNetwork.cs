using Grpc.Core;
using Suite.Network.V1;

namespace Suite.Cli.Tests.Fakes;

/// <summary>A network service that remembers what it was asked and answers what a test set.</summary>
internal sealed class FakeNetwork : Suite.Network.V1.Network.NetworkBase
{
    public List<NetworkInfo> All { get; } = [];

    public List<Attachment> Attachments { get; } = [];

    public List<object> Asked { get; } = [];

    public override Task<CreateNetworkResponse> CreateNetwork(CreateNetworkRequest request, ServerCallContext context) =>
        Answer(request, new CreateNetworkResponse { Network = new NetworkInfo { Id = "0123456789abcdef", Name = request.Name } });

    public override Task<ListNetworksResponse> ListNetworks(ListNetworksRequest request, ServerCallContext context) =>
        Answer(request, new ListNetworksResponse { Networks = { All } });

    public override Task<InspectNetworkResponse> InspectNetwork(InspectNetworkRequest request, ServerCallContext context) =>
        Answer(request, new InspectNetworkResponse { Network = Find(request.Network), Attachments = { Attachments } });

    public override Task<ListAttachmentsResponse> ListAttachments(ListAttachmentsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListAttachmentsResponse { Attachments = { Attachments } });

    public override Task<ConnectResponse> Connect(ConnectRequest request, ServerCallContext context) => Answer(request, new ConnectResponse());

    public override Task<DisconnectResponse> Disconnect(DisconnectRequest request, ServerCallContext context) => Answer(request, new DisconnectResponse());

    public override Task<RemoveNetworkResponse> RemoveNetwork(RemoveNetworkRequest request, ServerCallContext context)
    {
        Find(request.Network);
        return Answer(request, new RemoveNetworkResponse());
    }

    public override Task<PruneNetworksResponse> PruneNetworks(PruneNetworksRequest request, ServerCallContext context) =>
        Answer(request, new PruneNetworksResponse { Removed = { All.Select(network => network.Name) } });

    public List<WatchEventsResponse> Events { get; } = [];

    public override async Task WatchEvents(WatchEventsRequest request, IServerStreamWriter<WatchEventsResponse> responses, ServerCallContext context)
    {
        foreach (var e in Events)
            await responses.WriteAsync(e);
    }

    private NetworkInfo Find(string name) => All.Find(network => network.Name == name)
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"there is no network \"{name}\""));

    private Task<T> Answer<T>(object request, T answer)
    {
        Asked.Add(request);
        return Task.FromResult(answer);
    }
}
