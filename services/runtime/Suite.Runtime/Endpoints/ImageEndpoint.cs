using Grpc.Core;
using Runtime.V1;
using Suite.Runtime.Handlers;

namespace Suite.Runtime.Endpoints;

/// <summary>
/// CRI's ImageService on the runtime's socket, so that a client with a single endpoint works. Each call is handed on to
/// suite-image with its deadline, and its answer handed back.
/// </summary>
internal sealed class ImageEndpoint(ImageService.ImageServiceClient images, RuntimeHandlers handlers) : ImageService.ImageServiceBase
{
    public override async Task<ListImagesResponse> ListImages(ListImagesRequest request, ServerCallContext context) =>
        await images.ListImagesAsync(request, Onward(context)).ConfigureAwait(false);

    public override async Task<ImageStatusResponse> ImageStatus(ImageStatusRequest request, ServerCallContext context) =>
        await images.ImageStatusAsync(request, Onward(context)).ConfigureAwait(false);

    public override async Task<PullImageResponse> PullImage(PullImageRequest request, ServerCallContext context)
    {
        // Which handlers there are is known here; images are the same for all of them.
        if (request.Image is { RuntimeHandler: { Length: > 0 } handler } image)
        {
            _ = handlers.Find(handler);
            image.RuntimeHandler = "";
        }
        return await images.PullImageAsync(request, Onward(context)).ConfigureAwait(false);
    }

    public override async Task<RemoveImageResponse> RemoveImage(RemoveImageRequest request, ServerCallContext context) =>
        await images.RemoveImageAsync(request, Onward(context)).ConfigureAwait(false);

    public override async Task<ImageFsInfoResponse> ImageFsInfo(ImageFsInfoRequest request, ServerCallContext context) =>
        await images.ImageFsInfoAsync(request, Onward(context)).ConfigureAwait(false);

    public override async Task StreamImages(
        StreamImagesRequest request, IServerStreamWriter<StreamImagesResponse> responseStream, ServerCallContext context)
    {
        using var call = images.StreamImages(request, Onward(context));
        while (await call.ResponseStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
            await responseStream.WriteAsync(call.ResponseStream.Current, context.CancellationToken).ConfigureAwait(false);
    }

    private static CallOptions Onward(ServerCallContext context) =>
        new(deadline: context.Deadline == DateTime.MaxValue ? null : context.Deadline, cancellationToken: context.CancellationToken);
}
