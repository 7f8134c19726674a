using System.Diagnostics;
using Runtime.V1;
using Suite.Bench.Endpoints;
using Suite.Bench.Images;
using Suite.Bench.Results;

namespace Suite.Bench.Scenarios;

/// <summary>The parts of a run. The runtimes take turns within each part, so that what else the machine does falls on all of them alike.</summary>
internal sealed class Scenario(IReadOnlyList<Endpoint> endpoints, TestImages images, Board board, BenchOptions options)
{
    private const int WarmUp = 3;
    private const int LargePulls = 5;

    // The kernel takes network namespaces and cgroups apart after the call that gave them up has returned, under the locks that the next
    // pod needs: without a pause, one runtime pays for what the other one left behind.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    public async Task PullAsync()
    {
        foreach (var endpoint in endpoints)
            await PullOnceAsync(endpoint, images.Small, new Board(), Names.PullSmall, Names.RemoveImage);
        for (var round = 0; round < Math.Min(options.Rounds, 30); round++)
        {
            foreach (var endpoint in endpoints)
                await PullOnceAsync(endpoint, images.Small, board, Names.PullSmall, Names.RemoveImage);
        }

        for (var round = 0; round < LargePulls; round++)
        {
            foreach (var endpoint in endpoints)
                await PullOnceAsync(endpoint, images.Large, board, Names.PullLarge, null);
        }

        foreach (var endpoint in endpoints)
            await endpoint.Images.PullImageAsync(new PullImageRequest { Image = new ImageSpec { Image = images.Small } });
    }

    public async Task OneAfterTheOtherAsync()
    {
        for (var round = -WarmUp; round < options.Rounds; round++)
        {
            foreach (var endpoint in endpoints)
            {
                await Task.Delay(Settling);
                await LiveAsync(new Pod(endpoint, round < 0 ? new Board() : board, images.Small, operation => operation));
            }
        }
    }

    public async Task AtATimeAsync()
    {
        foreach (var endpoint in endpoints)
        {
            var left = options.Rounds;
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, options.AtATime).Select(async _ =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                    await LiveAsync(new Pod(endpoint, board, images.Small, operation => Names.AtATime(operation, options.AtATime)));
            }));
            board.SetValue(Names.AtATime("whole pod lives", options.AtATime), endpoint.Name, options.Rounds / Stopwatch.GetElapsedTime(started).TotalSeconds, "a second");
        }
    }

    public async Task MemoryAsync()
    {
        // Idle means that what the measurements before have left behind is cleaned up: by a collector, in either runtime.
        await Task.Delay(TimeSpan.FromSeconds(10));
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.Processes().Any()))
        {
            var idle = Memory(endpoint);
            board.SetValue(Names.ServiceMemory, endpoint.Name, idle, "MiB");
            var pods = Enumerable.Range(0, options.Pods).Select(_ => new Pod(endpoint, new Board(), images.Small, operation => operation)).ToList();
            foreach (var pod in pods)
                await pod.StartAsync();
            board.SetValue(Names.PodMemory, endpoint.Name, (Memory(endpoint) - idle) / options.Pods, "MiB");
            foreach (var pod in pods)
                await pod.EndAsync();
        }
    }

    private static async Task LiveAsync(Pod pod)
    {
        await pod.StartAsync();
        await pod.ExecAsync();
        await pod.EndAsync();
    }

    private static async Task PullOnceAsync(Endpoint endpoint, string name, Board board, string pull, string? remove)
    {
        var image = new ImageSpec { Image = name };
        await board.TimeAsync(pull, endpoint.Name, async () => await endpoint.Images.PullImageAsync(new PullImageRequest { Image = image }));
        if (remove is null)
            await endpoint.Images.RemoveImageAsync(new RemoveImageRequest { Image = image });
        else
            await board.TimeAsync(remove, endpoint.Name, async () => await endpoint.Images.RemoveImageAsync(new RemoveImageRequest { Image = image }));
    }

    private static double Memory(Endpoint endpoint) => endpoint.Processes().Sum(ProcessTable.Pss) / 1024.0;
}
