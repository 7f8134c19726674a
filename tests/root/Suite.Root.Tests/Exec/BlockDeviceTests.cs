using System.Diagnostics;
using System.Globalization;
using Suite.Linux.Cgroups;
using Suite.Oci.Runtime;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>Bytes and operations of a block device that a container is given: throttled and accounted, on blkio of v1 and io of v2.</summary>
public sealed class BlockDeviceTests
{
    [RootTheory(Needs = Need.Busybox)]
    [InlineData("write bytes", "dd if=/dev/zero of=/dev/disk bs=64k count=32 oflag=direct")]
    [InlineData("read bytes", "dd if=/dev/disk of=/dev/null bs=64k count=32 iflag=direct")]
    [InlineData("write operations", "dd if=/dev/zero of=/dev/disk bs=4k count=60 oflag=direct")]
    [InlineData("read operations", "dd if=/dev/disk of=/dev/null bs=4k count=60 iflag=direct")]
    public async Task A_throttle_holds_a_process_to_its_rate_and_what_it_did_is_accounted(string what, string command)
    {
        var instance = InstanceName.OfCaller();
        using var disk = new LoopDevice(instance);
        await using var pod = await ExecFixture.StartAsync(instance);
        // Two seconds, at the rate that is allowed.
        ThrottleDevice Limit(ulong rate) => new() { Major = 7, Minor = disk.Minor, Rate = rate };
        var block = what switch
        {
            "write bytes" => new BlockIoResources { ThrottleWriteBpsDevice = [Limit(1 << 20)] },
            "read bytes" => new BlockIoResources { ThrottleReadBpsDevice = [Limit(1 << 20)] },
            "write operations" => new BlockIoResources { ThrottleWriteIopsDevice = [Limit(30)] },
            _ => new BlockIoResources { ThrottleReadIopsDevice = [Limit(30)] },
        };
        var free = await TimeAsync(pod, disk, "free", command, new());
        var held = await TimeAsync(pod, disk, "held", command, block);
        Assert.InRange(held.Seconds, 1.2, 30);
        Assert.True(free.Seconds < held.Seconds / 2, $"{free.Seconds} s without a limit, {held.Seconds} s with it");
        var bytes = what.EndsWith("bytes", StringComparison.Ordinal) ? 32 * 65_536 : 60 * 4_096;
        // v1 counts for a device that somebody throttles (block/blk-throttle.c), v2 for every one.
        if (CgroupHost.Detect().Find("io") is { Unified: true })
            Assert.InRange(free.Bytes, bytes, bytes * 2);
        Assert.InRange(held.Bytes, bytes, bytes * 2);
    }

    /// <summary>The weight is BFQ's where that schedules the device (block/bfq-cgroup.c), and nobody's where nothing does.</summary>
    [RootFact(Needs = Need.Busybox)]
    public async Task A_weight_is_where_the_scheduler_looks_for_it()
    {
        var host = CgroupHost.Detect();
        var instance = InstanceName.OfCaller();
        using var disk = new LoopDevice(instance);
        if (!disk.TrySchedule("bfq"))
        {
            Assert.NotEqual("true", Environment.GetEnvironmentVariable("CI"));
            return;
        }

        await using var pod = await ExecFixture.StartAsync(instance);
        await pod.StartAsync("w", ControllerTests.With(pod.Spec("w", "sleep", "600"), new() { BlockIO = new() { Weight = 300, WeightDevice = [new() { Major = 7, Minor = disk.Minor, Weight = 700 }] } }));
        var (controller, prefix) = host.Find("io") is { Unified: true } ? ("io", "io") : ("blkio", "blkio");
        Assert.Contains("300", ControllerTests.Read(pod, "w", controller, $"{prefix}.bfq.weight"), StringComparison.Ordinal);
        Assert.Contains($"7:{disk.Minor} 700", ControllerTests.Read(pod, "w", controller, prefix == "io" ? "io.bfq.weight" : "blkio.bfq.weight_device"), StringComparison.Ordinal);
    }

    /// <summary>Runs a command and tells how long it took and what of the device it is accounted for.</summary>
    private static async Task<(double Seconds, long Bytes)> TimeAsync(ExecFixture pod, LoopDevice disk, string id, string command, BlockIoResources block)
    {
        var spec = pod.Spec(id, "sh", "-c", $"echo begin; {command} 2>/dev/null; echo end; exec sleep 600");
        spec = spec with
        {
            Linux = spec.Linux! with
            {
                Devices = [new() { Type = "b", Path = "/dev/disk", Major = 7, Minor = disk.Minor }],
                Resources = new() { BlockIO = block, Devices = [new() { Allow = false }, new() { Allow = true, Type = "b", Major = 7, Minor = disk.Minor, Access = "rw" }] },
            },
        };
        await pod.StartAsync(id, spec);
        await pod.WaitForLineAsync(id, "begin");
        var started = Stopwatch.GetTimestamp();
        await ControllerTests.UntilAsync(() => pod.Output(id).EndsWith("end\n", StringComparison.Ordinal));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var host = CgroupHost.Detect();
        var figures = host.Find("io") is { Unified: true } ? ControllerTests.Read(pod, id, "io", "io.stat") : ControllerTests.Read(pod, id, "blkio", "blkio.throttle.io_service_bytes");
        await pod.Shim.SignalAsync(id, 9, all: true, ExecFixture.Token);
        await pod.ExitOfAsync(id);
        return (seconds, Bytes(figures, $"7:{disk.Minor}"));
    }

    // v2: "7:0 rbytes=1 wbytes=2 rios=3 wios=4 …"; v1: "7:0 Read 1", "7:0 Write 2", "7:0 Total 3" and others, a line each.
    private static long Bytes(string figures, string device) => figures.Split('\n')
        .Where(line => line.StartsWith(device + " ", StringComparison.Ordinal))
        .SelectMany(line => line.Contains('=', StringComparison.Ordinal)
            ? line.Split(' ').Where(word => word.StartsWith("rbytes=", StringComparison.Ordinal) || word.StartsWith("wbytes=", StringComparison.Ordinal)).Select(word => word[7..])
            : line.Split(' ') is [_, "Read" or "Write", var count] ? [count] : [])
        .Sum(number => long.Parse(number, CultureInfo.InvariantCulture));

    /// <summary>A file of 16 MiB as a block device.</summary>
    private sealed class LoopDevice : IDisposable
    {
        private readonly TempFolder _folder;
        private readonly string _device;

        public LoopDevice(string instance)
        {
            _folder = new TempFolder(instance);
            File.WriteAllBytes(_folder.Path("disk"), new byte[16 << 20]);
            // Where it is a module, nothing has asked for it yet.
            if (!File.Exists("/dev/loop-control"))
                HostMount.Run(File.ReadAllText("/proc/sys/kernel/modprobe").Trim(), "loop");
            using var process = System.Diagnostics.Process.Start(new ProcessStartInfo("/usr/sbin/losetup", ["--find", "--show", "--direct-io=off", _folder.Path("disk")]) { RedirectStandardOutput = true })!;
            _device = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            Assert.StartsWith("/dev/loop", _device, StringComparison.Ordinal);
        }

        public int Minor => int.Parse(_device["/dev/loop".Length..], CultureInfo.InvariantCulture);

        /// <returns>False if this kernel has no such scheduler.</returns>
        public bool TrySchedule(string name)
        {
            try
            {
                File.WriteAllText($"/sys/block/{Path.GetFileName(_device)}/queue/scheduler", name);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }

        public void Dispose()
        {
            HostMount.Run("/usr/sbin/losetup", "--detach", _device);
            _folder.Dispose();
        }
    }
}
