using System.Diagnostics;
using Runtime.V1;
using Suite.Bench.Endpoints;
using Suite.Bench.Results;
using Suite.Linux.Errors;

namespace Suite.Bench.Scenarios;

/// <summary>One pod with one container, each step of its life timed.</summary>
internal sealed class Pod(Endpoint endpoint, Board board, string image, Func<string, string> naming)
{
    private static readonly string LogFolder = Directory.CreateTempSubdirectory("suite-bench-logs-").FullName;
    private static int s_count;

    private PodSandboxConfig? _config;
    private string _podId = "";
    private string _containerId = "";

    public async Task StartAsync()
    {
        var id = $"bench-{Interlocked.Increment(ref s_count)}";
        _config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = id, Uid = id, Namespace = "bench" },
            Hostname = id,
            LogDirectory = LogFolder,
            Linux = new LinuxPodSandboxConfig { CgroupParent = endpoint.CgroupParent, SecurityContext = new LinuxSandboxSecurityContext() },
        };
        var pod = await TimeAsync(Names.RunPod, async () => await endpoint.Runtime.RunPodSandboxAsync(new RunPodSandboxRequest { Config = _config }));
        _podId = pod.PodSandboxId;

        var container = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = "idle" },
            Image = new ImageSpec { Image = image },
            LogPath = $"{endpoint.Name}-{id}.log",
            Linux = new LinuxContainerConfig { Resources = new LinuxContainerResources(), SecurityContext = new LinuxContainerSecurityContext() },
        };
        await SumAsync(Names.CreateAndStart, async () =>
        {
            var request = new CreateContainerRequest { PodSandboxId = _podId, Config = container, SandboxConfig = _config };
            _containerId = (await TimeAsync(Names.CreateContainer, async () => await endpoint.Runtime.CreateContainerAsync(request))).ContainerId;
            await TimeAsync(Names.StartContainer, async () => await endpoint.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = _containerId }));
        });
        await UntilReadyAsync(Path.Combine(LogFolder, container.LogPath));
    }

    public async Task ExecAsync()
    {
        var answer = await TimeAsync(Names.Exec, async () =>
            await endpoint.Runtime.ExecSyncAsync(new ExecSyncRequest { ContainerId = _containerId, Cmd = { "/bin/true" }, Timeout = 10 }));
        if (answer.ExitCode != 0)
            throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Internal, $"{endpoint.Name}: exec of /bin/true ended with {answer.ExitCode}"));
    }

    public Task StatusAsync() => endpoint.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = _podId }).ResponseAsync;

    public async Task EndAsync()
    {
        await TimeAsync(Names.StopContainer, async () => await endpoint.Runtime.StopContainerAsync(new StopContainerRequest { ContainerId = _containerId, Timeout = 10 }));
        await TimeAsync(Names.RemoveContainer, async () => await endpoint.Runtime.RemoveContainerAsync(new RemoveContainerRequest { ContainerId = _containerId }));
        await SumAsync(Names.StopAndRemovePod, async () =>
        {
            await TimeAsync(Names.StopPod, async () => await endpoint.Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = _podId }));
            await TimeAsync(Names.RemovePod, async () => await endpoint.Runtime.RemovePodSandboxAsync(new RemovePodSandboxRequest { PodSandboxId = _podId }));
        });
    }

    // On a busy machine a process may be asked to end before its first instruction; the kernel would drop that SIGTERM, and the stop
    // would take its whole grace period, whatever the runtime.
    private static async Task UntilReadyAsync(string log)
    {
        var started = Stopwatch.GetTimestamp();
        while (!File.Exists(log) || new FileInfo(log).Length == 0)
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(10))
                throw new SuiteException(ErrorKind.Unavailable, $"the idle program said nothing for ten seconds; its log is {log}");
            await Task.Delay(1);
        }
    }

    public static void RemoveLogs() => Directory.Delete(LogFolder, recursive: true);

    private Task<T> TimeAsync<T>(string operation, Func<Task<T>> run) => board.TimeAsync(naming(operation), endpoint.Name, run);

    private Task SumAsync(string operation, Func<Task> run) => TimeAsync(operation, async () =>
    {
        await run();
        return 0;
    });
}
