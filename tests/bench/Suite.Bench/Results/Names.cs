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
    public const string OciRun = "suite-oci / runc run true";
    public const string PodMemory = "memory of an idle pod";
    public const string ServiceMemory = "memory of the idle services";

    /// <summary>The same operation with others in flight.</summary>
    public static string AtATime(string operation, int count) => $"{operation} ×{count}";
}
