using Google.Protobuf;
using Grpc.Core;
using Runtime.V1;
using Suite.Graph.V1;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>Pods and containers made as kubelet makes them, with what a test does not care about filled in.</summary>
internal sealed class KubernetesRig(SuiteInstance suite)
{
    public const string Image = "runtime-tests:1";

    private int _pods;

    public SuiteInstance Suite => suite;

    public RuntimeService.RuntimeServiceClient Runtime { get; } = suite.Runtime;

    public string LogDirectory { get; } = Path.Combine(suite.Root, "logs");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An image of the host's static busybox, built by the image service itself.</summary>
    public async Task BuildImageAsync()
    {
        using var call = new Images.ImagesClient(suite.Channel("image")).Build(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new BuildRequest { Options = new BuildOptions { Tags = { Image } } }, Token);
        await call.RequestStream.WriteAsync(new BuildRequest { Context = ByteString.CopyFrom(BusyboxContext.Tar()) }, Token);
        await call.RequestStream.CompleteAsync();
        await foreach (var _ in call.ResponseStream.ReadAllAsync(Token))
        {
        }
    }

    public PodSandboxConfig PodConfig(string name = "pod") => new()
    {
        Metadata = new PodSandboxMetadata { Name = name, Uid = $"uid-{Interlocked.Increment(ref _pods)}", Namespace = "tests", Attempt = 0 },
        Hostname = "tests-host",
        LogDirectory = LogDirectory,
        Linux = new LinuxPodSandboxConfig(),
    };

    public async Task<string> RunPodAsync(PodSandboxConfig? config = null, string handler = "") =>
        (await Runtime.RunPodSandboxAsync(new RunPodSandboxRequest { Config = config ?? PodConfig(), RuntimeHandler = handler }, cancellationToken: Token)).PodSandboxId;

    public static ContainerConfig ContainerConfig(string name, params string[] command) => new()
    {
        Metadata = new ContainerMetadata { Name = name },
        Image = new ImageSpec { Image = Image },
        Command = { command },
        LogPath = $"{name}/0.log",
        Linux = new LinuxContainerConfig { SecurityContext = new LinuxContainerSecurityContext { NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Container } } },
    };

    public async Task<string> CreateAsync(string podId, ContainerConfig config) =>
        (await Runtime.CreateContainerAsync(new CreateContainerRequest { PodSandboxId = podId, Config = config }, cancellationToken: Token)).ContainerId;

    public async Task<string> StartAsync(string podId, string name, params string[] command)
    {
        var id = await CreateAsync(podId, ContainerConfig(name, command));
        await Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        return id;
    }

    public async Task<ContainerStatus> StatusAsync(string containerId) =>
        (await Runtime.ContainerStatusAsync(new ContainerStatusRequest { ContainerId = containerId }, cancellationToken: Token)).Status;

    /// <summary>Waits until the container has ended, as kubelet does: by asking.</summary>
    public async Task<ContainerStatus> EndOfAsync(string containerId)
    {
        while (true)
        {
            var status = await StatusAsync(containerId);
            if (status.State == ContainerState.ContainerExited)
                return status;
            await Task.Delay(10, Token);
        }
    }

    public Task StopAsync(string containerId, long timeout) =>
        Runtime.StopContainerAsync(new StopContainerRequest { ContainerId = containerId, Timeout = timeout }, cancellationToken: Token).ResponseAsync;

    public Task<ExecSyncResponse> ExecAsync(string containerId, params string[] command) =>
        Runtime.ExecSyncAsync(new ExecSyncRequest { ContainerId = containerId, Cmd = { command } }, cancellationToken: Token).ResponseAsync;

    public async Task RemovePodAsync(string podId)
    {
        await Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = podId }, cancellationToken: Token);
        await Runtime.RemovePodSandboxAsync(new RemovePodSandboxRequest { PodSandboxId = podId }, cancellationToken: Token);
    }

    /// <summary>Stops a pod's shim where it stands.</summary>
    public async Task<HeldProcess> HoldShimAsync(string podId)
    {
        var status = await Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = podId, Verbose = true }, cancellationToken: Token);
        return HeldProcess.Of(System.Text.Json.JsonDocument.Parse(status.Info["info"]).RootElement.GetProperty("pid").GetInt32());
    }

    public static async Task<RpcException> FailsAsync(StatusCode code, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(failure.StatusCode == code, $"expected {code}, got {failure.StatusCode}: {failure.Status.Detail}");
        return failure;
    }
}
