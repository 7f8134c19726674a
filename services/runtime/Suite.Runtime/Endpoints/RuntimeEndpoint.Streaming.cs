using Grpc.Core;
using Runtime.V1;
using Suite.Runtime.Streaming;
using PortForwardRequest = Runtime.V1.PortForwardRequest;

namespace Suite.Runtime.Endpoints;

/// <content>The calls that answer with an address to connect to.</content>
internal sealed partial class RuntimeEndpoint
{
    public override Task<ExecResponse> Exec(ExecRequest request, ServerCallContext context) =>
        Task.FromResult(new ExecResponse { Url = offer.Exec(request.ContainerId, [.. request.Cmd], new WantedStreams(request.Stdin, request.Stdout, request.Stderr, request.Tty)) });

    public override Task<AttachResponse> Attach(AttachRequest request, ServerCallContext context) =>
        Task.FromResult(new AttachResponse { Url = offer.Attach(request.ContainerId, new WantedStreams(request.Stdin, request.Stdout, request.Stderr, request.Tty)) });

    public override Task<PortForwardResponse> PortForward(PortForwardRequest request, ServerCallContext context) =>
        Task.FromResult(new PortForwardResponse { Url = offer.PortForward(request.PodSandboxId, [.. request.Port]) });
}
