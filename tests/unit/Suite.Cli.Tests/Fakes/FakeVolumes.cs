using Grpc.Core;
using Suite.Container.V1;

namespace Suite.Cli.Tests.Fakes;

/// <summary>Two volumes, one of them in use.</summary>
internal sealed class FakeVolumes : Volumes.VolumesBase
{
    public override Task<ListVolumesResponse> ListVolumes(ListVolumesRequest request, ServerCallContext context) => Task.FromResult(new ListVolumesResponse
    {
        Volumes =
        {
            new VolumeInfo { Name = "data", Path = "/no/such/folder", Containers = { "web" }, Labels = { ["tier"] = "back" } },
            new VolumeInfo { Name = "spare", Path = "/no/such/folder" },
        },
    });

    public override Task<InspectVolumeResponse> InspectVolume(InspectVolumeRequest request, ServerCallContext context) =>
        request.Name == "data"
            ? Task.FromResult(new InspectVolumeResponse { Volume = new VolumeInfo { Name = "data", Path = "/no/such/folder" } })
            : throw new RpcException(new Status(StatusCode.NotFound, $"there is no volume {request.Name}"));
}
