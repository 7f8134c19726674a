using System.Globalization;
using Grpc.Core;
using Runtime.V1;
using Suite.Container.V1;
using Suite.E2e.Tests.Streaming;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>What callers and containers send without end, or do not read, costs no more than its bound.</summary>
public sealed class BoundTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    /// <summary>KiB that a service may grow by while it carries what is far larger.</summary>
    private const long Much = 32 << 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Executables)]
    public async Task A_request_of_more_than_16_MiB_is_refused_and_one_below_is_read()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        var config = rig.PodConfig();
        config.Annotations["large"] = new string('a', 17 << 20);
        await KubernetesRig.FailsAsync(StatusCode.ResourceExhausted, () => rig.RunPodAsync(config));
        Assert.Empty((await rig.Runtime.ListPodSandboxAsync(new ListPodSandboxRequest(), cancellationToken: Token)).Items);
        // Read to its end, and then judged by what it says.
        config.Annotations["large"] = new string('a', 15 << 20);
        config.Metadata.Name = "";
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.RunPodAsync(config));
    }

    [RootFact(Needs = Needs)]
    public async Task The_output_of_a_probe_is_cut_to_one_message()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var (rig, container) = await StartAsync(suite);
        var before = Resident(suite.Service("runtime").Id);
        var outcome = await Wide(suite).ExecSyncAsync(new ExecSyncRequest { ContainerId = container, Cmd = { "sh", "-c", "yes | head -c 268435456 & yes | head -c 268435456 >&2; wait; exit 3" }, Timeout = 120 }, cancellationToken: Token);
        Assert.Equal(3, outcome.ExitCode);
        // All that fits into the 16 MiB that kubelet takes, of both streams together, and no more.
        Assert.InRange(outcome.CalculateSize(), 15 << 20, 16 << 20);
        Assert.InRange(Resident(suite.Service("runtime").Id) - before, long.MinValue, 160 << 10);
    }

    [RootFact(Needs = Needs)]
    public async Task Streams_that_nobody_reads_hold_their_process_back()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var (rig, container) = await StartAsync(suite);

        // Over a WebSocket; SPDY has a test of its own.
        var url = (await rig.Runtime.ExecAsync(new global::Runtime.V1.ExecRequest { ContainerId = container, Stdout = true, Cmd = { "sh", "-c", "yes | head -c 134217728" } }, cancellationToken: Token)).Url;
        using (var client = await WebSocketClient.ConnectAsync(url, "v5.channel.k8s.io"))
        {
            var before = Resident(suite.Service("runtime").Id);
            await Task.Delay(1000, Token);
            Assert.InRange(Resident(suite.Service("runtime").Id) - before, long.MinValue, Much);
            // Held back, not lost.
            var carried = 0L;
            while (await client.ReceiveAsync() is { } message)
                carried += message[0] == 1 ? message.Length - 1 : 0;
            Assert.Equal(134217728, carried);
        }

        // As a stream of gRPC: a caller who reads one message, and no more.
        using (var call = suite.Containers.Exec(cancellationToken: Token))
        {
            await call.RequestStream.WriteAsync(new Container.V1.ExecRequest { Options = new ExecOptions { Container = container, Command = { "sh", "-c", "yes | head -c 134217728" } } }, Token);
            Assert.True(await call.ResponseStream.MoveNext(Token));
            var before = Resident(suite.Service("runtime").Id);
            await Task.Delay(1000, Token);
            Assert.InRange(Resident(suite.Service("runtime").Id) - before, long.MinValue, Much);
            var carried = 0L;
            while (await call.ResponseStream.MoveNext(Token))
                carried += call.ResponseStream.Current.Output?.Data.Length ?? 0;
            Assert.Equal(134217728, carried);
        }
    }

    [RootFact(Needs = Needs)]
    public async Task One_who_attaches_and_does_not_read_costs_the_container_nothing()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var (rig, _) = await StartAsync(suite);
        var pod = await rig.RunPodAsync();
        var flooding = await rig.StartAsync(pod, "flooding", "sh", "-c", "mkfifo /go; read go < /go; head -c 268435456 /dev/zero; echo; echo over");
        var status = await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod, Verbose = true }, cancellationToken: Token);
        var shim = System.Text.Json.JsonDocument.Parse(status.Info["info"]).RootElement.GetProperty("pid").GetInt32();
        using var call = suite.Containers.Attach(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new Container.V1.AttachRequest { Options = new AttachOptions { Container = flooding } }, Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        var before = (Runtime: Resident(suite.Service("runtime").Id), Shim: Resident(shim));
        Assert.Equal(0, (await rig.ExecAsync(flooding, "sh", "-c", "until [ -p /go ]; do sleep 0.01; done; echo > /go")).ExitCode);

        // The log goes on, and is whole: the one who does not read is left behind.
        var end = await rig.EndOfAsync(flooding);
        Assert.Equal(0, end.ExitCode);
        // What was carried before the client was left behind is its window and garbage: far less than there was to carry.
        Assert.InRange(Resident(suite.Service("runtime").Id) - before.Runtime, long.MinValue, 3 * Much);
        Assert.InRange(Resident(shim) - before.Shim, long.MinValue, 8 << 10);
        var log = new FileInfo(end.LogPath);
        Assert.True(log.Length > 268435456, $"the log has {log.Length} bytes");
        using var tail = log.OpenRead();
        tail.Seek(-" stdout F over\n".Length, SeekOrigin.End);
        Assert.Equal(" stdout F over\n", await new StreamReader(tail).ReadToEndAsync(Token));
    }

    /// <summary>A client that takes as much as kubelet's does.</summary>
    private static RuntimeService.RuntimeServiceClient Wide(SuiteInstance suite) => new(UnixChannel.To(Path.Combine(suite.Run, "runtime.sock"), 16 << 20));

    /// <summary>KiB.</summary>
    private static long Resident(int pid) => File.ReadLines($"/proc/{pid}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).Single();

    private static async Task<(KubernetesRig Rig, string Container)> StartAsync(SuiteInstance suite)
    {
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        return (rig, await rig.StartAsync(await rig.RunPodAsync(), "main", "sleep", "3600"));
    }
}
