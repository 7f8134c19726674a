using System.Diagnostics;
using Runtime.V1;
using Suite.Bench.Endpoints;
using Suite.Bench.Results;

namespace Suite.Bench.Scenarios;

/// <summary>
/// What a kubelet's polling costs on a full node: processor time of all of the runtime's processes, its shims and what they run
/// included, with as many pods as a machine is to hold.
/// </summary>
internal sealed class ManyPods(Endpoint endpoint, string image, Board board, BenchOptions options)
{
    private const int AtATime = 8;
    private const int ListCalls = 50;
    private const int ProbesPerSecond = 100;

    private static readonly TimeSpan Probing = TimeSpan.FromSeconds(15);

    public async Task MeasureAsync()
    {
        await endpoint.Images.PullImageAsync(new PullImageRequest { Image = new ImageSpec { Image = image } });
        var pods = Enumerable.Range(0, options.ManyPods).Select(_ => new Pod(endpoint, new Board(), image, operation => operation)).ToArray();
        await EachAsync(pods, pod => pod.StartAsync());
        // What starting them has left to do is done by then.
        await Task.Delay(TimeSpan.FromSeconds(5));
        var processes = endpoint.Processes().ToArray();

        await CallsAsync(Names.ListContainers, processes, ListCalls, async _ => await endpoint.Runtime.ListContainersAsync(new ListContainersRequest()));
        await CallsAsync(Names.ListStats, processes, ListCalls, async _ => await endpoint.Runtime.ListContainerStatsAsync(new ListContainerStatsRequest()));
        await CallsAsync(Names.PodStatus, processes, 4 * pods.Length, async i => await pods[i % pods.Length].StatusAsync());
        await ProbeAsync(processes, pods);
        await EachAsync(pods, pod => pod.EndAsync());
    }

    private async Task CallsAsync(string operation, int[] processes, int calls, Func<int, Task> call)
    {
        for (var i = 0; i < 5; i++)
            await call(i);
        var before = ProcessTable.ProcessorTime(processes);
        for (var i = 0; i < calls; i++)
            await call(i);
        board.SetValue(operation, endpoint.Name, (ProcessTable.ProcessorTime(processes) - before).TotalMilliseconds / calls, "ms");
    }

    // At their times, whether or not those before them are through: as the probes of many pods come.
    private async Task ProbeAsync(int[] processes, Pod[] pods)
    {
        for (var i = 0; i < 20; i++)
            await pods[i % pods.Length].ExecAsync();
        var before = ProcessTable.ProcessorTime(processes);
        var started = Stopwatch.GetTimestamp();
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / ProbesPerSecond));
        var probes = new List<Task>();
        while (Stopwatch.GetElapsedTime(started) < Probing)
        {
            await second.WaitForNextTickAsync();
            probes.Add(pods[probes.Count % pods.Length].ExecAsync());
        }

        await Task.WhenAll(probes);
        var (took, used) = (Stopwatch.GetElapsedTime(started), ProcessTable.ProcessorTime(processes) - before);
        board.SetValue(Names.ProbeRate, endpoint.Name, probes.Count / took.TotalSeconds, "a second");
        board.SetValue(Names.ProbeLoad, endpoint.Name, used / took * 100, "% of a core");
    }

    private static Task EachAsync(Pod[] pods, Func<Pod, Task> action) => Parallel.ForEachAsync(
        pods, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (pod, _) => await action(pod));
}
