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
        // With the namespace of one of them both end, at a time that the kernel chooses: perhaps between a look and a command.
        if (!Directory.Exists($"/sys/class/net/{_stays}"))
            return;
        using var delete = System.Diagnostics.Process.Start("ip", ["link", "delete", _stays]);
        delete.WaitForExit();
        Assert.False(Directory.Exists($"/sys/class/net/{_stays}"), $"the device {_stays} cannot be deleted");
    }
}
