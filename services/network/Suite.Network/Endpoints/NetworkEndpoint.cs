using Grpc.Core;
using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Events;
using Suite.Network.Networks;
using Suite.Network.V1;

namespace Suite.Network.Endpoints;

/// <summary>suite.network.v1. Messages end here.</summary>
internal sealed class NetworkEndpoint(
    Gate gate, SandboxTurns turns, NetworkCatalog catalog, AttachmentStore attachments, AttachmentPlanner planner, BridgeKeeper keeper, Readiness readiness,
    AttachSandbox attach, DetachSandbox detach, ConnectSandbox connect, CheckSandbox check, CreateNetwork create, RemoveNetwork remove,
    DefaultNetwork defaultNetwork, EventHub events, Answers answers) : V1.Network.NetworkBase
{
    public override async Task<AttachResponse> Attach(AttachRequest request, ServerCallContext context)
    {
        var wish = Requests.ToWish(request);
        using var own = await turns.EnterAsync(wish.Sandbox, context.CancellationToken);
        return new AttachResponse { Attachment = answers.Of(await attach.RunAsync(wish, context.CancellationToken)) };
    }

    public override async Task<DetachResponse> Detach(DetachRequest request, ServerCallContext context)
    {
        Requests.CheckSandbox(request.SandboxId);
        using var own = await turns.EnterAsync(request.SandboxId, context.CancellationToken);
        await detach.RunAsync(request.SandboxId, context.CancellationToken);
        return new DetachResponse();
    }

    public override async Task<ConnectResponse> Connect(ConnectRequest request, ServerCallContext context)
    {
        Requests.CheckSandbox(request.SandboxId);
        var wish = Requests.ToWish(request.Endpoint);
        using var own = await turns.EnterAsync(request.SandboxId, context.CancellationToken);
        using var turn = await gate.EnterAsync(context.CancellationToken);
        return new ConnectResponse { Attachment = answers.Of(await connect.ConnectAsync(request.SandboxId, wish, context.CancellationToken)) };
    }

    public override async Task<DisconnectResponse> Disconnect(DisconnectRequest request, ServerCallContext context)
    {
        Requests.CheckSandbox(request.SandboxId);
        using var own = await turns.EnterAsync(request.SandboxId, context.CancellationToken);
        using var turn = await gate.EnterAsync(context.CancellationToken);
        return new DisconnectResponse { Attachment = answers.Of(await connect.DisconnectAsync(request.SandboxId, request.Network, context.CancellationToken)) };
    }

    public override async Task<CheckAttachmentResponse> CheckAttachment(CheckAttachmentRequest request, ServerCallContext context)
    {
        Requests.CheckSandbox(request.SandboxId);
        using var own = await turns.EnterAsync(request.SandboxId, context.CancellationToken);
        await check.RunAsync(request.SandboxId, context.CancellationToken);
        return new CheckAttachmentResponse();
    }

    public override Task<ListAttachmentsResponse> ListAttachments(ListAttachmentsRequest request, ServerCallContext context)
    {
        var found = request.SandboxId.Length > 0 ? attachments.Find(request.SandboxId) is { } one ? [one] : [] : attachments.All();
        return Task.FromResult(new ListAttachmentsResponse { Attachments = { found.Where(IsAttached).Select(answers.Of) } });
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
        var users = attachments.All().Where(IsAttached).Where(a => a.Network == network.Name || a.IsOn(network.Id));
        return Task.FromResult(new InspectNetworkResponse { Network = Answers.Of(network), Attachments = { users.Select(answers.Of) } });
    }

    public override Task<ListNetworksResponse> ListNetworks(ListNetworksRequest request, ServerCallContext context) =>
        Task.FromResult(new ListNetworksResponse { Networks = { catalog.All.Select(Answers.Of) } });

    public override async Task<RemoveNetworkResponse> RemoveNetwork(RemoveNetworkRequest request, ServerCallContext context)
    {
        using var turn = await gate.EnterAsync(context.CancellationToken);
        await remove.RunAsync(request.Network, context.CancellationToken);
        return new RemoveNetworkResponse();
    }

    public override async Task<PruneNetworksResponse> PruneNetworks(PruneNetworksRequest request, ServerCallContext context)
    {
        using var turn = await gate.EnterAsync(context.CancellationToken);
        var until = request.Until == 0 ? default(DateTimeOffset?) : DateTimeOffset.UnixEpoch.AddTicks(request.Until / 100);
        return new PruneNetworksResponse { Removed = { await remove.PruneAsync([.. request.Labels], until, context.CancellationToken) } };
    }

    public override async Task<SetPodRangesResponse> SetPodRanges(SetPodRangesRequest request, ServerCallContext context)
    {
        using var turn = await gate.EnterAsync(context.CancellationToken);
        return new SetPodRangesResponse { Applied = await defaultNetwork.TakeOverAsync([.. request.Ranges], context.CancellationToken) };
    }

    // The headers say that nothing is missed from now on.
    public override Task WatchEvents(WatchEventsRequest request, IServerStreamWriter<WatchEventsResponse> responseStream, ServerCallContext context) => events.TellAsync(
        request.Since, request.Until, () => context.WriteResponseHeadersAsync([]),
        happened => responseStream.WriteAsync(Answers.Of(happened), context.CancellationToken), context.CancellationToken);

    public override async Task<StatusResponse> Status(StatusRequest request, ServerCallContext context) =>
        await readiness.ProblemAsync(context.CancellationToken) is { } problem
            ? new StatusResponse { Ready = false, Reason = problem.Reason, Message = problem.Message }
            : new StatusResponse { Ready = true };

    public override async Task<ReleaseResponse> Release(ReleaseRequest request, ServerCallContext context)
    {
        using var turn = await gate.EnterAsync(context.CancellationToken);
        return new ReleaseResponse { Attachments = (uint)keeper.Release(planner.NamespacesDirectory) };
    }

    private static bool IsAttached(AttachmentRecord attachment) => attachment.State == AttachmentState.Attached;
}
