using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>The namespaces that the shim was born in, before it went into those of its pod.</summary>
internal sealed class HostNamespaces
{
    private readonly int[] _descriptors = [Open("net"), Open("ipc"), Open("uts"), Open("mnt")];

    /// <summary>The mount namespace is last, as entering it changes what /proc is.</summary>
    public ReadOnlySpan<int> Descriptors => _descriptors;

    public int Mounts => _descriptors[^1];

    private static int Open(string name) => Descriptor.Open($"/proc/self/ns/{name}", O_RDONLY);
}
