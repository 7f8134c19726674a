using Grpc.Core;
using Suite.Network.Attachments;
using Suite.Network.Networks;
using Suite.Network.V1;

namespace Suite.Network.Endpoints;

/// <summary>suite.network.v1. Messages end here.</summary>
internal sealed class NetworkEndpoint(
    Gate gate, NetworkCatalog catalog, AttachmentStore attachments, AttachmentPlanner planner, BridgeKeeper keeper,
    AttachSandbox attach, DetachSandbox detach, CreateNetwork create, RemoveNetwork remove) : V1.Network.NetworkBase
{
    public override async Task<AttachResponse> Attach(AttachRequest request, ServerCallContext context)
    {
        var wish = Requests.ToWish(request);
        using var turn = await gate.EnterAsync(context.CancellationToken);
        return new AttachResponse { Attachment = Answers.Of(await attach.RunAsync(wish, context.CancellationToken), catalog) };
    }

    public override async Task<DetachResponse> Detach(DetachRequest request, ServerCallContext context)
    {
        Requests.CheckSandbox(request.SandboxId);
        using var turn = await gate.EnterAsync(context.CancellationToken);
        await detach.RunAsync(request.SandboxId, context.CancellationToken);
        return new DetachResponse();
    }

    public override Task<ListAttachmentsResponse> ListAttachments(ListAttachmentsRequest request, ServerCallContext context)
    {
        var found = request.SandboxId.Length > 0 ? attachments.Find(request.SandboxId) is { } one ? [one] : [] : attachments.All();
        return Task.FromResult(new ListAttachmentsResponse { Attachments = { found.Where(IsAttached).Select(a => Answers.Of(a, catalog)) } });
    }

    public override async Task<CreateNetworkResponse> CreateNetwork(CreateNetworkRequest request, ServerCallContext context)
    {
        var wish = Requests.ToWish(request);
        using var turn = await gate.EnterAsync(context.CancellationToken);
        return new CreateNetworkResponse { Network = Answers.Of(await create.RunAsync(wish, context.CancellationToken)) };
    }

    public override Task<InspectNetworkResponse> InspectNetwork(InspectNetworkRequest request, ServerCallContext context)
    {
        var network = catalog.Get(request.Network);
        var users = attachments.All().Where(IsAttached).Where(a => a.Network == network.Name || a.Links.Any(link => link.NetworkId == network.Id));
        return Task.FromResult(new InspectNetworkResponse { Network = Answers.Of(network), Attachments = { users.Select(a => Answers.Of(a, catalog)) } });
    }

    public override Task<ListNetworksResponse> ListNetworks(ListNetworksRequest request, ServerCallContext context) =>
        Task.FromResult(new ListNetworksResponse { Networks = { catalog.All.Select(Answers.Of) } });

    public override async Task<RemoveNetworkResponse> RemoveNetwork(RemoveNetworkRequest request, ServerCallContext context)
    {
        using var turn = await gate.EnterAsync(context.CancellationToken);
        await remove.RunAsync(request.Network, context.CancellationToken);
        return new RemoveNetworkResponse();
    }

    public override Task<StatusResponse> Status(StatusRequest request, ServerCallContext context) => Task.FromResult(
        keeper.Failure is { } failure
            ? new StatusResponse { Ready = false, Reason = "BridgeNotReady", Message = failure }
            : new StatusResponse { Ready = true });

    public override async Task<ReleaseResponse> Release(ReleaseRequest request, ServerCallContext context)
    {
        using var turn = await gate.EnterAsync(context.CancellationToken);
        return new ReleaseResponse { Attachments = (uint)keeper.Release(planner.NamespacesDirectory) };
    }

    private static bool IsAttached(AttachmentRecord attachment) => attachment.State == AttachmentState.Attached;
}
