using Suite.Runtime.Containers;

namespace Suite.Runtime.Solo;

/// <summary>Volumes that nobody named: they go with their container when that is wished.</summary>
internal static class SoloVolumes
{
    private const int MadeUpLength = 64;

    /// <summary>64 hexadecimal digits, which a person has not typed.</summary>
    public static bool IsMadeUp(BindMount mount) => mount.Volume.Length == MadeUpLength && mount.Volume.All(char.IsAsciiHexDigitLower);

    public static IEnumerable<string> Anonymous(SoloSpec spec) => spec.Mounts.Where(IsMadeUp).Select(mount => mount.Volume);

    /// <summary>The folders that the image wants to be volumes, and that nothing else is mounted on.</summary>
    public static IReadOnlyList<string> Missing(SoloSpec spec, ImageDefaults image)
    {
        var taken = spec.Mounts.Select(mount => mount.ContainerPath).Concat(spec.Tmpfs.Select(mount => mount.ContainerPath)).Select(Trimmed).ToHashSet();
        return [.. image.Volumes.Where(path => Path.IsPathRooted(path) && !taken.Contains(Trimmed(path)))];
    }

    private static string Trimmed(string path) => path.TrimEnd('/');
}
