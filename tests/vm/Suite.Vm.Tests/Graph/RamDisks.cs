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

    /// <summary>What was mounted or mapped a moment ago may still be on its way out of the kernel; what stays is a leak.</summary>
    public void Dispose()
    {
        for (var tries = 0; tries < 100 && !TryRun("rmmod", "brd"); tries++) Thread.Sleep(100);
        Assert.False(Directory.Exists("/sys/module/brd"), "something still uses the ram disks");
    }

    private static void Run(params string[] command) => Assert.True(TryRun(command), string.Join(' ', command));

    private static bool TryRun(params string[] command)
    {
        using var busybox = Process.Start(new ProcessStartInfo("busybox", command) { RedirectStandardError = true })!;
        busybox.StandardError.ReadToEnd();
        busybox.WaitForExit();
        return busybox.ExitCode == 0;
    }
}
