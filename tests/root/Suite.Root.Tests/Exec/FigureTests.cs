using System.Diagnostics;
using System.Globalization;
using Suite.Linux.Cgroups;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>Bounds that hold on a busy machine too; the figures themselves are in the test's output.</summary>
public sealed class FigureTests(ITestOutputHelper output)
{
    [RootFact(Needs = Need.Busybox)]
    public async Task A_container_starts_in_milliseconds_inside_a_running_shim_and_an_exec_too()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var starts = new List<double>();
        var execs = new List<double>();
        await pod.StartAsync("host", pod.Spec("host", "sleep", "60"));
        for (var i = 0; i < 200; i++)
        {
            var id = $"c{i}";
            var plan = pod.Plan(id, pod.Spec(id, "true"));
            await pod.Shim.CreateContainerAsync(id, new ContainerStreams(), ExecFixture.Token);
            var started = Stopwatch.GetTimestamp();
            await pod.Shim.StartContainerAsync(plan, ExecFixture.Token);
            starts.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await pod.ExitOfAsync(id);
            await pod.Shim.DeleteContainerAsync(id, ExecFixture.Token);

            started = Stopwatch.GetTimestamp();
            await using var session = await pod.Shim.ExecAsync("host", id, ProcessPlan.From(ExecFixture.Process("true"), new()), new(), ExecFixture.Token);
            execs.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await session.Exited.WaitAsync(TimeSpan.FromSeconds(20), ExecFixture.Token);
        }

        output.WriteLine($"start p50 {Percentile(starts, 50):F2} ms, p95 {Percentile(starts, 95):F2} ms; exec p50 {Percentile(execs, 50):F2} ms, p95 {Percentile(execs, 95):F2} ms");
        Assert.True(Percentile(starts, 50) < 30, "a start takes more than 30 ms");
        Assert.True(Percentile(execs, 50) < 30, "an exec takes more than 30 ms");
        output.WriteLine($"shim after 400 starts: {PrivateKiB(pod.Shim.Pid)} KiB of its own");
        Assert.True(PrivateKiB(pod.Shim.Pid) < 4096, "the shim grows with what it has done");
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_shim_with_an_idle_container_has_little_memory_of_its_own()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        output.WriteLine($"without container: {PrivateKiB(pod.Shim.Pid)} KiB");
        // As the runtime does it, so that the shim itself makes the cgroup.
        await pod.Shim.AnnounceContainerAsync("idle", $"{pod.Pod.CgroupPath}/idle", CgroupLimits.None, null, ExecFixture.Token);
        await pod.StartAsync("idle", pod.Spec("idle", "sleep", "60"));
        var own = PrivateKiB(pod.Shim.Pid);
        output.WriteLine($"with one idle container: {own} KiB");
        Assert.True(own < 1024, $"{own} KiB");
    }

    private static double Percentile(List<double> values, int percent) => values.Order().ElementAt(values.Count * percent / 100);

    // Dirty alone: the pages of the program are the same for all shims, and count as private only while there is one.
    private static long PrivateKiB(int pid) => File.ReadLines($"/proc/{pid}/smaps_rollup")
        .Where(line => line.StartsWith("Private_Dirty:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
}
