using System.Diagnostics;

namespace Suite.Vm.Tests.Graph;

/// <summary>Two block devices that are no loop devices: the kernel's own, in memory (brd).</summary>
internal sealed class RamDisks : IDisposable
{
    private const int KibibytesOfEach = 256 * 1024;

    public RamDisks() => Run("modprobe", "brd", "rd_nr=2", $"rd_size={KibibytesOfEach}");

    public string Data => "/dev/ram0";

    public string Metadata => "/dev/ram1";

    /// <summary>What was on the second one is lost.</summary>
    public void Clear()
    {
        using var file = File.OpenWrite(Metadata);
        file.Write(new byte[1 << 20]);
        file.Flush(flushToDisk: true);
    }

    public void Dispose() => Run("rmmod", "brd");

    private static void Run(params string[] command)
    {
        using var busybox = Process.Start("busybox", command);
        busybox.WaitForExit();
        Assert.True(busybox.ExitCode == 0, $"{string.Join(' ', command)}: {busybox.ExitCode}");
    }
}
