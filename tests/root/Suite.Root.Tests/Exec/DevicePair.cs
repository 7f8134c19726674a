using System.Diagnostics;
using Suite.Root.Tests.Network;

namespace Suite.Root.Tests.Exec;

/// <summary>Two devices of the host with a wire between them; what is left of them goes in the end.</summary>
internal sealed class DevicePair : IDisposable
{
    private readonly string _stays;

    public DevicePair(string instance, string suffix = "")
    {
        // IFNAMSIZ: 15 bytes. The instance's name is in front, so that a leak is seen.
        (Moved, _stays) = ($"{instance}m{suffix}", $"{instance}s{suffix}");
        Wire.Execute("ip", "link", "add", Moved, "type", "veth", "peer", "name", _stays);
    }

    public string Moved { get; }

    public void Dispose()
    {
        // A namespace that ends takes the device in it along, and the other end with that, at a moment that the kernel chooses.
        using var process = Process.Start(new ProcessStartInfo("ip", ["link", "delete", _stays]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.False(Directory.Exists($"/sys/class/net/{_stays}"), $"{_stays} is still there");
    }
}
