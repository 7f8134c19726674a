using Suite.Bench;
using Suite.Bench.Builds;
using Suite.Bench.Commits;
using Suite.Bench.Endpoints;
using Suite.Bench.Images;
using Suite.Bench.Networks;
using Suite.Bench.Registries;
using Suite.Bench.Results;
using Suite.Bench.Scenarios;
using Suite.Linux.Errors;

try
{
    if (args is ["registry", .. var more])
    {
        string? Value(string flag) => Array.IndexOf(more, flag) is var at and >= 0 && at + 1 < more.Length ? more[at + 1] : null;
        RegistryBench.Run(long.Parse(Value("--large") ?? "0", System.Globalization.CultureInfo.InvariantCulture) << 30, Value("--only"));
        return 0;
    }

    var options = BenchOptions.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(BenchOptions.Usage);
        return 0;
    }

    if (options.Suite && options.Parts.Contains("network"))
    {
        var network = new Board();
        await new NetworkScenario(network, options).RunAsync(Say);
        Console.Write(Table.Of(network, ["suite", NetworkScenario.Peer]));
        if (options.Parts.Count == 1)
            return 0;
    }

    if (options.Suite && options.Parts.Contains("oci"))
    {
        var runs = new Board();
        Say($"{options.Rounds} bundles, one after the other");
        using (var bundles = new BundleRuns(runs, options.Rounds))
            bundles.Run();
        Console.Write(Table.Of(runs, ["suite", BundleRuns.Peer]));
        if (options.Parts.Count == 1)
            return 0;
    }

    if (options.Suite && options.Parts.Contains("build"))
    {
        var builds = new Board();
        Say("builds, cold and warm");
        await using (var bench = await BuildScenario.StartAsync(builds, Math.Min(options.Rounds, BuildScenario.MostRounds)))
            bench.Run();
        Console.Write(Table.Of(builds, ["suite", BuildScenario.Peer]));
        if (options.Parts.Count == 1)
            return 0;
    }

    if (options.Suite && options.Parts.Contains("commit"))
    {
        var commits = new Board();
        Say("commits of a container of 1 GiB");
        await using (var bench = await CommitScenario.StartAsync(commits, Math.Min(options.Rounds, CommitScenario.MostRounds)))
            bench.Run();
        Console.Write(Table.Of(commits, ["suite", CommitScenario.Peer]));
        if (options.Parts.Count == 1)
            return 0;
    }

    var endpoints = new Stack<Endpoint>();
    try
    {
        if (options.Suite)
            endpoints.Push(await SuiteEndpoint.StartAsync());
        var registry = options.Registry ?? endpoints.Peek().Registry;
        Say("pushing the test images");
        var images = await TestImages.PushAsync(registry);
        if (options.Containerd)
            endpoints.Push(await ContainerdEndpoint.StartAsync(registry, images.Pause));
        foreach (var (name, socket) in options.Endpoints)
            endpoints.Push(new Endpoint(name, socket, registry));

        var board = new Board();
        var runtimes = endpoints.Reverse().ToList();
        var scenario = new Scenario(runtimes, images, board, options);
        async Task PartAsync(string part, string what, Func<Task> run)
        {
            if (!options.Parts.Contains(part)) return;
            Say(what);
            await run();
        }

        await PartAsync("pull", "pulling", scenario.PullAsync);
        await PartAsync("lives", $"{options.Rounds} pods, one after the other", scenario.OneAfterTheOtherAsync);
        await PartAsync("parallel", $"{options.Rounds} pods, {options.AtATime} at a time", scenario.AtATimeAsync);
        await PartAsync("memory", $"the memory of {options.Pods} idle pods", scenario.MemoryAsync);
        // With goals of its own: beside containerd, whose pods are ten times as large, it would take as many minutes.
        await PartAsync("many", $"{options.ManyPods} pods at once", () => new ManyPods(runtimes[0], images.Small, board, options).MeasureAsync());
        Console.WriteLine();
        Console.Write(Table.Of(board, [.. runtimes.Select(runtime => runtime.Name)]));
        Pod.RemoveLogs();
        return 0;
    }
    finally
    {
        while (endpoints.TryPop(out var endpoint))
            await endpoint.DisposeAsync();
    }
}
catch (SuiteException e)
{
    Console.Error.WriteLine($"suite-bench: {e.Message}");
    return 1;
}
catch (Grpc.Core.RpcException e)
{
    Console.Error.WriteLine($"suite-bench: {e.Status.StatusCode}: {e.Status.Detail}");
    return 1;
}

static void Say(string what) => Console.Error.WriteLine($"bench: {what}");
