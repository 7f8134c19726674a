using Suite.Runtime.Containers;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Solo;

/// <summary>
/// A seccomp profile that came with a request is kept as a file beside the container's log, where each of its starts and execs
/// finds it again, and goes with the container.
/// </summary>
internal sealed class OwnProfile(PodPlaces places)
{
    public SoloSpec Keep(SoloSpec spec, string containerId)
    {
        if (spec.Seccomp is not { Kind: ProfileKind.Localhost, Name: var json })
            return spec;
        var path = Path.Combine(places.StateOf(containerId), "seccomp.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json);
        return spec with { Seccomp = new ProfileChoice(ProfileKind.Localhost, path) };
    }

    /// <summary>Of a container that could not be made.</summary>
    public void Forget(SoloSpec spec)
    {
        if (spec.Seccomp is { Kind: ProfileKind.Localhost, Name: var path })
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
