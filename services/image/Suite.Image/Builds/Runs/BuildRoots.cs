using System.Collections.Concurrent;
using System.Text;
using Suite.Image.Records;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Builds.Runs;

/// <summary>
/// Images as far as builds have made them, under names that no image can have. A container of a build names one, and so suite-runtime asks
/// for its root file system as for any other's.
/// </summary>
internal sealed class BuildRoots
{
    private const string Scheme = "build://";

    private readonly ConcurrentDictionary<string, ImageRecord> _roots = [];

    public static bool IsOne(string called) => called.StartsWith(Scheme, StringComparison.Ordinal);

    public ImageRecord? Find(string called) => _roots.GetValueOrDefault(called);

    /// <param name="layers">Held by the build.</param>
    public string Add(IReadOnlyList<LayerRecord> layers, Platform platform)
    {
        // The layers decide who is in /etc/passwd: whoever keeps that by the image's id must not mix them up.
        var id = Digest.Compute(Encoding.ASCII.GetBytes(string.Join(' ', layers.Select(l => l.DiffId))));
        var config = new ImageConfig
        {
            Architecture = platform.Architecture, Os = platform.Os, Variant = platform.Variant, Config = new ContainerConfig(),
            Rootfs = new RootFs { Type = "layers", DiffIds = [.. layers.Select(l => l.DiffId)] },
        };
        var name = $"{Scheme}{Guid.NewGuid():N}";
        _roots[name] = new ImageRecord(id, [], config, 0, [], [], layers);
        return name;
    }

    public void Remove(string name) => _roots.TryRemove(name, out _);
}
