using Suite.Linux.Cgroups;
using Suite.Oci.Runtime;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed class LimitTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task A_program_over_its_memory_limit_is_killed_and_said_to_be()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = Limited(pod.Spec("oom", "sh", "-c", "exec dd if=/dev/zero of=/dev/null bs=64M count=1"), new() { Memory = new() { Limit = 16 << 20, Swap = 16 << 20 } });
        var (exit, _) = await pod.RunAsync("oom", spec);
        Assert.Equal(137, exit.Code);
        Assert.True(exit.OomKilled);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_program_killed_by_hand_is_not_said_to_be_out_of_memory()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("kill", Limited(pod.Spec("kill", "sleep", "60"), new() { Memory = new() { Limit = 16 << 20 } }));
        await pod.Shim.SignalAsync("kill", 9, all: false, ExecFixture.Token);
        var exit = await pod.ExitOfAsync("kill");
        Assert.Equal((137, false), (exit.Code, exit.OomKilled));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_container_starts_under_a_limit_of_one_mebibyte()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var (exit, _) = await pod.RunAsync("small", Limited(pod.Spec("small", "true"), new() { Memory = new() { Limit = 1 << 20 } }));
        Assert.Equal((0, false), (exit.Code, exit.OomKilled));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task No_more_processes_than_the_limit()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = Limited(pod.Spec("pids", "sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; echo never"), new() { Pids = new() { Limit = 4 } });
        var (exit, output) = await pod.RunAsync("pids", spec);
        Assert.NotEqual(0, exit.Code);
        Assert.Contains("can't fork", output, StringComparison.Ordinal);
        Assert.DoesNotContain("never", output, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Limits_are_in_the_files_of_the_containers_cgroup_and_the_container_sees_itself_at_the_root()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var resources = new LinuxResources { Memory = new() { Limit = 32 << 20 }, Cpu = new() { Shares = 512, Quota = 50_000, Period = 100_000 }, Pids = new() { Limit = 64 } };
        var (files, expected) = CgroupHost.Detect().Version == "v2"
            ? ("memory.max cpu.weight cpu.max pids.max", "33554432\n59\n50000 100000\n64\n/\n")
            : ("memory/memory.limit_in_bytes cpu/cpu.shares cpu/cpu.cfs_quota_us pids/pids.max", "33554432\n512\n50000\n64\n/\n");
        var spec = Limited(pod.Spec("files", "sh", "-c", $"cd /sys/fs/cgroup; cat {files}; cut -d: -f3 /proc/self/cgroup | sort -u | head -1; mkdir x pids/x"), resources);
        var (_, output) = await pod.RunAsync("files", spec);
        Assert.StartsWith(expected, output, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", output, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_device_that_is_not_allowed_cannot_be_opened()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = Limited(pod.Spec("dev", "sh", "-c", "mknod /kmsg c 1 11 && cat /kmsg; head -c1 /dev/zero | wc -c"), new() { Devices = [new() { Allow = false }] });
        var (_, output) = await pod.RunAsync("dev", spec);
        Assert.Contains("Operation not permitted", output, StringComparison.Ordinal);
        Assert.Contains("1\n", output, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Usage_is_read_from_the_cgroup()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("use", Limited(pod.Spec("use", "sleep", "60"), new() { Memory = new() { Limit = 8 << 20 } }));
        var usage = await pod.Shim.ReadUsageAsync("use", ExecFixture.Token);
        Assert.InRange(usage.MemoryBytes, 1UL, 8UL << 20);
        Assert.Equal(8UL << 20, usage.MemoryLimitBytes);
        Assert.True(usage.CpuNanoseconds > 0);
        Assert.Equal(1UL, usage.Processes);
    }

    private static Spec Limited(Spec spec, LinuxResources resources) => spec with { Linux = spec.Linux! with { Resources = resources } };
}
