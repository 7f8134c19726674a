using System.Diagnostics;
using System.Globalization;
using Suite.Linux.Cgroups;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>What a controller does to a process that runs, whichever version of cgroups it is on.</summary>
public sealed class ControllerTests
{
    private const string Busy = "while true; do :; done";

    private static readonly CgroupHost Host = CgroupHost.Detect();

    [RootTheory(Needs = Need.Busybox)]
    [InlineData(1024UL, null, 2.2, 7)]
    [InlineData(2048UL, 1L, 5, double.MaxValue)]
    public async Task Time_of_a_CPU_goes_by_shares_and_to_the_idle_class_last(ulong shares, long? othersIdle, double least, double most)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("more", With(pod.Spec("more", "sh", "-c", Busy), new() { Cpu = new() { Shares = shares, Cpus = "0" } }));
        await pod.StartAsync("less", With(pod.Spec("less", "sh", "-c", Busy), new() { Cpu = new() { Shares = othersIdle is null ? 256 : null, Idle = othersIdle, Cpus = "0" } }));
        var (more, less) = (await CpuAsync(pod, "more"), await CpuAsync(pod, "less"));
        // Until the one with more has had half a second; what else this machine does takes from both.
        for (var i = 0; i < 600 && await CpuAsync(pod, "more") - more < 500_000_000; i++)
            await Task.Delay(50, ExecFixture.Token);
        var ratio = (await CpuAsync(pod, "more") - more) / (double)(await CpuAsync(pod, "less") - less + 1);
        Assert.InRange(ratio, least, most);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Time_that_was_not_used_is_saved_up_for_a_burst()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        const string script = "while true; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; usleep 200000; done";
        await pod.StartAsync("b", With(pod.Spec("b", "sh", "-c", script), new() { Cpu = new() { Quota = 2_000, Period = 20_000, Burst = 2_000 } }));
        await UntilAsync(() => Figure(pod, "b", "cpu", "cpu.stat", "nr_bursts") > 0);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Huge_pages_are_limited_and_accounted()
    {
        if (Host.Find("hugetlb") is not { } hierarchy || !Directory.Exists("/sys/kernel/mm/hugepages/hugepages-2048kB"))
        {
            Assert.NotEqual("true", Environment.GetEnvironmentVariable("CI"));
            return;
        }

        const string pool = "/proc/sys/vm/nr_hugepages";
        var before = File.ReadAllText(pool);
        File.WriteAllText(pool, "4");
        try
        {
            await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
            var spec = With(pod.Spec("h", "sh", "-c", "fallocate -l 2M /huge/one && echo first; fallocate -l 4M /huge/two || echo second is refused; echo ready; exec sleep 600"), new() { HugepageLimits = [new() { PageSize = "2MB", Limit = 2 << 20 }] });
            await pod.StartAsync("h", spec with { Mounts = [.. spec.Mounts!, new() { Destination = "/huge", Type = "hugetlbfs", Source = "huge", Options = ["pagesize=2M"] }] });
            await pod.WaitForLineAsync("h", "ready");
            Assert.Equal(["first", "second is refused"], pod.Output("h").Split('\n').Where(line => line is "first" or "second is refused"));
            Assert.Equal("2097152", Read(pod, "h", "hugetlb", hierarchy.Unified ? "hugetlb.2MB.current" : "hugetlb.2MB.usage_in_bytes"));
        }
        finally
        {
            File.WriteAllText(pool, before);
        }
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_file_of_v2_that_the_specification_has_no_name_for_is_written()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var (controller, file, value) = Host.Find("memory") is { Unified: true } ? ("memory", "memory.high", "8388608") : ("hugetlb", "hugetlb.2MB.max", "2097152");
        if (Host.Unified?.Has(controller) != true)
        {
            var refused = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("u", With(pod.Spec("u", "true"), new() { Unified = new Dictionary<string, string> { [file] = value } })));
            Assert.Contains("on a cgroup v2 tree", refused.Message, StringComparison.Ordinal);
            return;
        }

        // Twice what it may have before it is held back: reclaim has nothing to take from it.
        await pod.StartAsync("u", With(pod.Spec("u", "sh", "-c", "dd if=/dev/zero of=/dev/null bs=16M count=1; exec sleep 600"), new() { Unified = new Dictionary<string, string> { [file] = value } }));
        Assert.Equal(value, Read(pod, "u", controller, file));
        if (controller == "memory")
            await UntilAsync(() => Figure(pod, "u", "memory", "memory.events", "high") > 0);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_reservation_and_a_limit_of_memory_and_swap_are_in_force_together()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("m", With(pod.Spec("m", "sleep", "600"), new() { Memory = new() { Limit = 32 << 20, Reservation = 16 << 20, Swap = 48 << 20 } }));
        var unified = Host.Find("memory")!.Unified;
        Assert.Equal("16777216", Read(pod, "m", "memory", unified ? "memory.low" : "memory.soft_limit_in_bytes"));
        var swap = unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
        // A kernel without accounting of swap has no such file, and then limits memory alone.
        if (File.Exists(PathOf(pod, "m", "memory", swap)))
            Assert.Equal(unified ? "16777216" : "50331648", Read(pod, "m", "memory", swap));
    }

    private static async Task<long> CpuAsync(ExecFixture pod, string id) => (long)(await pod.Shim.ReadUsageAsync(id, ExecFixture.Token)).CpuNanoseconds;

    internal static Spec With(Spec spec, LinuxResources resources) => spec with { Linux = spec.Linux! with { Resources = resources } };

    internal static string PathOf(ExecFixture pod, string id, string controller, string file) => $"{Host.Find(controller)!.PathOf(pod.Pod.CgroupPath)}/{id}/{file}";

    internal static string Read(ExecFixture pod, string id, string controller, string file) => File.ReadAllText(PathOf(pod, id, controller, file)).Trim();

    internal static long Figure(ExecFixture pod, string id, string controller, string file, string name) => Read(pod, id, controller, file).Split('\n')
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Sum(line => long.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture));

    internal static async Task UntilAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "it did not come about in 60 s");
            await Task.Delay(20, ExecFixture.Token);
        }
    }
}
