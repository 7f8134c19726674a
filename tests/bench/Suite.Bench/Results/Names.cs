namespace Suite.Bench.Results;

/// <summary>Operations as the table calls them.</summary>
internal static class Names
{
    public const string RunPod = "RunPodSandbox";
    public const string CreateContainer = "CreateContainer";
    public const string StartContainer = "StartContainer";
    public const string CreateAndStart = "Create + StartContainer";
    public const string Exec = "ExecSync true";
    public const string StopContainer = "StopContainer";
    public const string RemoveContainer = "RemoveContainer";
    public const string StopPod = "StopPodSandbox";
    public const string RemovePod = "RemovePodSandbox";
    public const string StopAndRemovePod = "Stop + RemovePodSandbox";
    public const string PullSmall = "PullImage, 2 MB";
    public const string PullLarge = "PullImage, 4 layers 128 MiB";
    public const string RemoveImage = "RemoveImage, 2 MB";
    public const string OciRun = "run true from a bundle";
    public const string WarmBuild = "build of 20 steps, warm";
    public const string ColdBuild = "build of 20 steps, cold";
    public const string ColdBuilds = "the test Dockerfiles, cold";
    public const string Commit = "commit of 1 GiB, 10 files changed";
    public const string PodMemory = "memory of an idle pod";
    public const string ServiceMemory = "memory of the idle services";
    public const string ListContainers = "ListContainers of many, processor time";
    public const string ListStats = "ListContainerStats of many, processor time";
    public const string PodStatus = "PodSandboxStatus of many, processor time";
    public const string ProbeRate = "ExecSync probes of many";
    public const string ProbeLoad = "their load";
    public const string Attach = "attach a pod, one port";
    public const string Detach = "detach it";
    public const string FirstOfMany = "attach, of 500 pods the first";
    public const string LastOfMany = "attach, of 500 pods the last";
    public const string ProcessorTime = "processor time of an attach, four ports";
    public const string LastToFirst = "the last to the first";
    public const string Throughput = "iperf3 between two pods";

    /// <summary>The same operation with others in flight.</summary>
    public static string AtATime(string operation, int count) => $"{operation} ×{count}";
}
