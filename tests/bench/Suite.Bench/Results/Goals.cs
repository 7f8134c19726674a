namespace Suite.Bench.Results;

/// <summary>What Suite must reach: so many times faster than containerd in the same run, or a number of its own.</summary>
internal static class Goals
{
    public static readonly IReadOnlyDictionary<string, double> TimesFaster = new Dictionary<string, double>
    {
        [Names.RunPod] = 20,
        [Names.CreateAndStart] = 10,
        [Names.StopContainer] = 10,
        [Names.StopAndRemovePod] = 15,
        [Names.PullSmall] = 3,
        [Names.PullLarge] = 1.5,
        [Names.OciRun] = 5,
        [Names.Attach] = 20,
        [Names.Throughput] = 0.95,
        [Names.ColdBuild] = 2,
        [Names.ColdBuilds] = 2,
    };

    public static readonly IReadOnlyDictionary<string, double> AtMost = new Dictionary<string, double>
    {
        [Names.Attach] = 4,
        [Names.Detach] = 2,
        [Names.WarmBuild] = 150,
        [Names.Commit] = 100,
        [Names.LastToFirst] = 1.5,
        // What a kubelet asks for each second, each ten seconds and for each pod whose containers changed: a hundredth of a core.
        [Names.ListContainers] = 10,
        [Names.ListStats] = 100,
        [Names.PodStatus] = 0.5,
        [Names.ProbeLoad] = 25,
        [Names.PodMemory] = 1.3,
        [Names.ServiceMemory] = 100,
    };
}
