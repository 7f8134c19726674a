using System.Globalization;
using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>Prioritise, account and control: each on a process that runs.</summary>
public sealed class ResourceTests
{
    private static readonly CgroupHost Host = CgroupHost.Detect();

    private static readonly bool IsV2 = Host.Version == "v2";

    [RootFact(Needs = Need.Busybox)]
    public async Task A_paused_container_stands_still_and_goes_on_when_resumed_and_can_be_killed_meanwhile()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("p", pod.Spec("p", "sh", "-c", "while true; do echo tick; usleep 1000; done"));
        await GrowsAsync(pod, 0);
        await pod.Shim.PauseAsync("p", ExecFixture.Token);
        await pod.Shim.PauseAsync("p", ExecFixture.Token);
        Assert.True((await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers[0].Paused);
        var refused = await Assert.ThrowsAnyAsync<SuiteException>(() => pod.Shim.ExecAsync("p", "e", Suite.Runtime.Exec.Plans.ProcessPlan.From(ExecFixture.Process("true"), new()), new(), ExecFixture.Token));
        Assert.Contains("paused", refused.Message, StringComparison.Ordinal);
        // What was in the pipe at the pause is carried to the log at once; an answer after it says that the shim has been there.
        await Task.Delay(50, ExecFixture.Token);
        await pod.Shim.ReadStateAsync(ExecFixture.Token);
        var length = new FileInfo(pod.LogPath("p")).Length;
        await Task.Delay(100, ExecFixture.Token);
        Assert.Equal(length, new FileInfo(pod.LogPath("p")).Length);

        await pod.Shim.ResumeAsync("p", ExecFixture.Token);
        await GrowsAsync(pod, length);
        await pod.Shim.PauseAsync("p", ExecFixture.Token);
        await pod.Shim.SignalAsync("p", 9, all: true, ExecFixture.Token);
        Assert.Equal(137, (await pod.ExitOfAsync("p")).Code);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Limits_change_in_place_both_ways()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("u", With(pod.Spec("u", "sleep", "60"), new() { Memory = new() { Limit = 16 << 20, Swap = 32 << 20 }, Cpu = new() { Quota = 10_000, Period = 100_000 }, Pids = new() { Limit = 8 } }));
        await pod.Shim.UpdateAsync("u", new() { Memory = new() { Limit = 64 << 20, Swap = 64 << 20 }, Cpu = new() { Quota = 50_000, Period = 50_000, Shares = 512 }, Pids = new() { Limit = 16 } }, ExecFixture.Token);
        string[] files = IsV2 ? ["memory.max", "cpu.max", "cpu.weight", "pids.max"] : ["memory.limit_in_bytes", "cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.shares", "pids.max"];
        Assert.Equal(IsV2 ? ["67108864", "50000 50000", "59", "16"] : ["67108864", "50000", "50000", "512", "16"], Read(pod, "u", files));
        await pod.Shim.UpdateAsync("u", new() { Memory = new() { Limit = 8 << 20, Swap = 8 << 20 }, Cpu = new() { Quota = -1 } }, ExecFixture.Token);
        // What was not given is as it was, the period too.
        Assert.Equal(IsV2 ? ["8388608", "max 50000", "59", "16"] : ["8388608", "-1", "50000", "512", "16"], Read(pod, "u", files));

        var refused = await Assert.ThrowsAsync<SuiteException>(() => pod.Shim.UpdateAsync("u", new() { Memory = new() { Limit = 4096, CheckBeforeUpdate = true } }, ExecFixture.Token));
        Assert.Equal(ErrorKind.FailedPrecondition, refused.Kind);
        Assert.Equal(["8388608"], Read(pod, "u", files[0]));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_quota_of_cpu_holds_a_busy_process_back_and_its_time_is_accounted()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("q", With(pod.Spec("q", "sh", "-c", "while true; do :; done"), new() { Cpu = new() { Quota = 5_000, Period = 100_000, Cpus = "0", Mems = "0" } }));
        for (var i = 0; i < 1000 && Figure(pod, "q", "cpu.stat", "nr_throttled") < 3; i++)
            await Task.Delay(20, ExecFixture.Token);
        Assert.True(Figure(pod, "q", "cpu.stat", "nr_throttled") >= 3);
        Assert.True((await pod.Shim.ReadUsageAsync("q", ExecFixture.Token)).CpuNanoseconds > 0);
        var pid = Assert.Single(await pod.Shim.ReadProcessesAsync("q", ExecFixture.Token));
        Assert.Contains("Cpus_allowed_list:\t0\n", await File.ReadAllTextAsync($"/proc/{pid}/status", ExecFixture.Token), StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task What_v1_has_files_for_is_in_them()
    {
        if (IsV2)
            return;
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var device = Disk();
        await pod.StartAsync("f", With(pod.Spec("f", "sleep", "60"), new()
        {
            Cpu = new() { Quota = 20_000, Burst = 10_000 },
            Memory = new() { Limit = 32 << 20, Reservation = 16 << 20, Swappiness = 10 },
            BlockIO = new() { ThrottleWriteBpsDevice = [new() { Major = device.Major, Minor = device.Minor, Rate = 1 << 20 }], ThrottleReadIopsDevice = [new() { Major = device.Major, Minor = device.Minor, Rate = 100 }] },
        }));
        Assert.Equal(["10000", "16777216", "10"], Read(pod, "f", "cpu.cfs_burst_us", "memory.soft_limit_in_bytes", "memory.swappiness"));
        Assert.Equal([$"{device.Major}:{device.Minor} 1048576", $"{device.Major}:{device.Minor} 100"], Read(pod, "f", "blkio.throttle.write_bps_device", "blkio.throttle.read_iops_device"));

        await pod.StartAsync("i", With(pod.Spec("i", "sleep", "60"), new() { Cpu = new() { Shares = 512, Idle = 1 } }));
        Assert.Equal(["1"], Read(pod, "i", "cpu.idle"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_controller_that_the_host_lacks_is_an_error_for_those_who_ask_for_it()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var asked = new Dictionary<string, LinuxResources>
        {
            ["hugetlb"] = new() { HugepageLimits = [new() { PageSize = "2MB", Limit = 0 }] },
            ["net_cls"] = new() { Network = new() { ClassID = 1 } },
            ["net_prio"] = new() { Network = new() { Priorities = [new() { Name = "lo", Priority = 1 }] } },
            ["rdma"] = new() { Rdma = new Dictionary<string, RdmaLimit> { ["mlx"] = new() { HcaHandles = 1 } } },
        };
        foreach (var (controller, resources) in asked.Where(pair => Host.Find(pair.Key) is null))
        {
            var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync(controller, With(pod.Spec(controller, "true"), resources)));
            Assert.Contains($"this host has no {controller} controller", failure.Message, StringComparison.Ordinal);
            Assert.Equal(ErrorKind.Unsupported, failure.Kind);
        }
    }

    private static Spec With(Spec spec, LinuxResources resources) => spec with { Linux = spec.Linux! with { Resources = resources } };

    private static string[] Read(ExecFixture pod, string id, params string[] files) =>
        [.. files.Select(file => File.ReadAllText($"{Host.Find(file[..file.IndexOf('.', StringComparison.Ordinal)])!.PathOf(pod.Pod.CgroupPath)}/{id}/{file}").Trim())];

    private static long Figure(ExecFixture pod, string id, string file, string name) => Read(pod, id, file)[0].Split('\n')
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Sum(line => long.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture));

    private static (long Major, long Minor) Disk()
    {
        var fields = File.ReadLines("/proc/partitions").Skip(2).First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    private static async Task GrowsAsync(ExecFixture pod, long length)
    {
        for (var i = 0; i < 1000 && new FileInfo(pod.LogPath("p")).Length <= length; i++)
            await Task.Delay(10, ExecFixture.Token);
        Assert.True(new FileInfo(pod.LogPath("p")).Length > length);
    }
}
