using Grpc.Core;
using Suite.Image.Graph.Drivers;
using Suite.Image.Images;
using Suite.Image.Pulls;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Cri = Runtime.V1;

namespace Suite.Image.Endpoints;

/// <summary>CRI's ImageService, for kubelet and crictl.</summary>
internal sealed class CriImageEndpoint(ImageDatabase database, Puller puller, ImageRemoval removal, FilesystemUsage usage, ShortNames names, PinnedImages pinned) : Cri.ImageService.ImageServiceBase
{
    /// <summary>kubelet's limit for a message is 16 MiB; a page of images is far below it.</summary>
    private const int PageSize = 100;

    public override Task<Cri.ListImagesResponse> ListImages(Cri.ListImagesRequest request, ServerCallContext context)
    {
        var response = new Cri.ListImagesResponse();
        response.Images.AddRange(List(request.Filter));
        return Task.FromResult(response);
    }

    public override async Task StreamImages(Cri.StreamImagesRequest request, IServerStreamWriter<Cri.StreamImagesResponse> responses, ServerCallContext context)
    {
        foreach (var page in List(request.Filter).Chunk(PageSize))
        {
            var response = new Cri.StreamImagesResponse();
            response.Images.AddRange(page);
            await responses.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<Cri.ImageStatusResponse> ImageStatus(Cri.ImageStatusRequest request, ServerCallContext context)
    {
        var image = database.Read(s => ImageFinder.Find(s, names.Here(Name(request.Image))));
        var response = new Cri.ImageStatusResponse { Image = image is null ? null : CriMapping.ToCri(image, pinned.Has(image)) };
        if (image is not null && request.Verbose) response.Info["config"] = System.Text.Encoding.UTF8.GetString(image.RawConfig);
        return Task.FromResult(response);
    }

    public override async Task<Cri.PullImageResponse> PullImage(Cri.PullImageRequest request, ServerCallContext context)
    {
        if (request.Image?.RuntimeHandler is { Length: > 0 } handler)
            throw new SuiteException(ErrorKind.InvalidArgument, $"There is no runtime handler '{handler}': images are the same for all here, leave it empty.");
        var outcome = await names.TryAsync(Name(request.Image), reference => puller.PullAsync(
            reference, CriMapping.ToCredentials(request.Auth, reference, Name(request.Image)), Platform.Current, static _ => { }, context.CancellationToken)).ConfigureAwait(false);
        return new Cri.PullImageResponse { ImageRef = outcome.Image.Id.ToString() };
    }

    public override async Task<Cri.RemoveImageResponse> RemoveImage(Cri.RemoveImageRequest request, ServerCallContext context)
    {
        await removal.RemoveImageAsync(names.Here(Name(request.Image)), context.CancellationToken).ConfigureAwait(false);
        return new Cri.RemoveImageResponse();
    }

    public override Task<Cri.ImageFsInfoResponse> ImageFsInfo(Cri.ImageFsInfoRequest request, ServerCallContext context)
    {
        var response = new Cri.ImageFsInfoResponse();
        response.ImageFilesystems.Add(usage.Images());
        response.ContainerFilesystems.Add(usage.Containers());
        return Task.FromResult(response);
    }

    private IEnumerable<Cri.Image> List(Cri.ImageFilter? filter)
    {
        var called = filter?.Image?.Image ?? "";
        var images = called.Length == 0
            ? database.Read(ImageQueries.All)
            : database.Read(s => ImageFinder.Find(s, names.Here(called))) is { } one ? [one] : [];
        return images.Select(i => CriMapping.ToCri(i, pinned.Has(i)));
    }

    private static string Name(Cri.ImageSpec? spec) =>
        spec?.Image is { Length: > 0 } name ? name : throw new SuiteException(ErrorKind.InvalidArgument, "No image is named: set image.image.");
}
