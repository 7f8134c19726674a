using Grpc.Core;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Mapping;
using Suite.Runtime.Volumes;

namespace Suite.Runtime.Endpoints;

/// <summary>suite.container.v1's Volumes.</summary>
internal sealed class VolumesEndpoint(VolumeStore volumes) : Container.V1.Volumes.VolumesBase
{
    public override Task<CreateVolumeResponse> CreateVolume(CreateVolumeRequest request, ServerCallContext context)
    {
        var name = request.Name.Length == 0 ? "" : VolumeNames.Check(request.Name, "name");
        return Task.FromResult(new CreateVolumeResponse { Volume = Describe(volumes.Ensure(name, anonymous: name.Length == 0, request.Labels.ToDomain())) });
    }

    public override Task<ListVolumesResponse> ListVolumes(ListVolumesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListVolumesResponse { Volumes = { volumes.All().Select(Describe) } });

    public override Task<InspectVolumeResponse> InspectVolume(InspectVolumeRequest request, ServerCallContext context) =>
        Task.FromResult(new InspectVolumeResponse { Volume = Describe(volumes.Find(request.Name)) });

    public override Task<RemoveVolumeResponse> RemoveVolume(RemoveVolumeRequest request, ServerCallContext context)
    {
        try
        {
            volumes.Remove(request.Name);
        }
        catch (SuiteException gone) when (gone.Kind == ErrorKind.NotFound && request.Force)
        {
            // As wished.
        }
        return Task.FromResult(new RemoveVolumeResponse());
    }

    public override Task<PruneVolumesResponse> PruneVolumes(PruneVolumesRequest request, ServerCallContext context)
    {
        var (names, bytes) = volumes.Prune(request.All, volume => LabelFilter.Matches(volume.Labels, request.Labels));
        return Task.FromResult(new PruneVolumesResponse { Names = { names }, ReclaimedBytes = bytes });
    }

    private VolumeInfo Describe(Volume volume)
    {
        var info = new VolumeInfo { Name = volume.Name, Path = volumes.PathOf(volume.Name), CreatedAt = volume.CreatedAt, Anonymous = volume.Anonymous };
        info.Labels.Fill(volume.Labels);
        info.Containers.AddRange(volumes.UsersOf(volume.Name).Select(container => container.Name));
        return info;
    }
}
