using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Bundles;

/// <summary>The folder of a container that another OCI runtime makes, below its pod's: the bundle, and what is exchanged with the runtime.</summary>
internal sealed class BundlePlaces(string podDirectory, string containerId)
{
    public static string FolderOf(string podDirectory) => Path.Combine(podDirectory, "bundles");

    public string Folder { get; } = Path.Combine(FolderOf(podDirectory), containerId);

    public string Config => Path.Combine(Folder, "config.json");

    /// <summary>Where the root file system is mounted, while the runtime makes the container and by nobody but it.</summary>
    public string Rootfs => Path.Combine(Folder, "rootfs");

    /// <summary>What one command writes, and is read of it.</summary>
    public BundleFiles FilesOf(string name, bool terminal) => new(
        Path.Combine(Folder, $"{name}.pid"), Path.Combine(Folder, $"{name}.log"), Path.Combine(Folder, $"{name}.json"), terminal ? ConsoleOf(name) : null);

    // The path of a socket has 107 bytes (unix(7)), of which the pod's folder, with its long id, takes most: this name is no longer
    // than that of the shim's own socket.
    private string ConsoleOf(string name) =>
        Path.Combine(podDirectory, "t" + XxHash32.HashToUInt32(Encoding.UTF8.GetBytes($"{containerId}/{name}")).ToString("x8", CultureInfo.InvariantCulture));
}
