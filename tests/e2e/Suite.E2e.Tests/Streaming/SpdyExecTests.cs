using Grpc.Core;
using Runtime.V1;
using Suite.E2e.Tests.Runtime;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Suite.Testing.Streaming;

namespace Suite.E2e.Tests.Streaming;

/// <summary>CRI's Exec and Attach over SPDY, as kubelet and crictl use them.</summary>
public sealed class SpdyExecTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Output_error_input_and_the_exit_code_go_their_ways()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var (rig, container) = await StartAsync(suite);
        var url = await ExecAsync(rig, container, new ExecRequest { Stdin = true, Stdout = true, Stderr = true, Cmd = { "sh", "-c", "cat; echo oops >&2; exit 3" } });
        Assert.Matches("^http://127.0.0.1:[0-9]+/exec/[0-9a-f]{32}$", url);

        await using (var client = await SpdyClient.ConnectAsync(url, "v3.channel.k8s.io", "v4.channel.k8s.io"))
        {
            Assert.Equal("v4.channel.k8s.io", client.Protocol);
            var (error, input) = (await client.OpenAsync("error"), await client.OpenAsync("stdin"));
            var (output, errors) = (await client.OpenAsync("stdout"), await client.OpenAsync("stderr"));
            await client.SendAsync(input, "typed");
            // The end of the input alone: the other streams stay open, and `cat` ends.
            await client.SendAsync(input, " and more\n", fin: true);
            Assert.Equal("typed and more\n", await client.ReadToEndAsync(output));
            Assert.Equal("oops\n", await client.ReadToEndAsync(errors));
            Assert.Contains("\"reason\":\"ExitCode\",\"message\":\"3\"", await client.ReadToEndAsync(error));
        }

        // The address was good once, and only for what it was given.
        var (again, head) = await SpdyClient.UpgradeAsync(url, "v4.channel.k8s.io");
        await again.DisposeAsync();
        Assert.StartsWith("HTTP/1.1 404 ", head);
    }

    [RootFact(Needs = Needs)]
    public async Task A_terminal_has_the_clients_size_and_follows_it()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var (rig, container) = await StartAsync(suite);
        var url = await ExecAsync(rig, container, new ExecRequest { Stdin = true, Stdout = true, Tty = true, Cmd = { "sh", "-c", "read a; stty size; read b; stty size; trap 'stty size; exit 7' WINCH; echo armed; while :; do sleep 0.02; done" } });
        await using var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io");
        var (error, input) = (await client.OpenAsync("error"), await client.OpenAsync("stdin"));
        var (output, resize) = (await client.OpenAsync("stdout"), await client.OpenAsync("resize"));
        await client.SendAsync(resize, "{\"Width\":101,\"Height\":31}\n");
        await UntilSizeAsync(client, input, output, "31 101");
        await client.SendAsync(resize, "{\"Width\":102,\"Height\":32}\n");
        await client.SendAsync(input, "\n");
        await client.ReadUntilAsync(output, "armed");
        await client.SendAsync(resize, "{\"Width\":103,\"Height\":33}\n");
        Assert.Contains("33 103", await client.ReadToEndAsync(output));
        Assert.Contains("\"message\":\"7\"", await client.ReadToEndAsync(error));
    }

    [RootFact(Needs = Needs)]
    public async Task A_client_that_goes_away_takes_its_process_along()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var (rig, container) = await StartAsync(suite);
        var url = await ExecAsync(rig, container, new ExecRequest { Stdout = true, Cmd = { "sh", "-c", "echo here; exec sleep 4321" } });
        await using (var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io"))
        {
            await client.OpenAsync("error");
            await client.ReadUntilAsync(await client.OpenAsync("stdout"), "here");
        }
        while ((await rig.ExecAsync(container, "sh", "-c", "pgrep -f 'sleep 4321' | wc -l")).Stdout.ToStringUtf8().Trim() != "0")
            await Task.Delay(20, Token);
    }

    [RootFact(Needs = Needs)]
    public async Task A_flood_that_nobody_reads_costs_no_memory()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var (rig, container) = await StartAsync(suite);
        var url = await ExecAsync(rig, container, new ExecRequest { Stdin = true, Stdout = true, Cmd = { "sh", "-c", "echo ready; read go; yes | head -c 134217728" } });
        var released = new TaskCompletionSource();
        await using var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io");
        await client.OpenAsync("error");
        var (input, output) = (await client.OpenAsync("stdin"), await client.OpenAsync("stdout"));
        await client.ReadUntilAsync(output, "ready");
        client.HoldReading(released.Task);
        var before = Resident(suite);
        await client.SendAsync(input, "go\n");
        await Task.Delay(500, Token);
        Assert.InRange(Resident(suite) - before, long.MinValue, 32 << 10);
        released.SetResult();
        // Held back, not lost.
        Assert.Equal("ready\n".Length + 134217728, (await client.ReadToEndAsync(output)).Length);
    }

    [RootFact(Needs = Needs)]
    public async Task Attach_feeds_a_shell_whose_input_ends_with_its_first_client()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var config = KubernetesRig.ContainerConfig("shell", "sh");
        (config.Stdin, config.StdinOnce) = (true, true);
        var container = await rig.CreateAsync(pod, config);
        var attach = new AttachRequest { ContainerId = container, Stdin = true, Stdout = true, Stderr = true };
        await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => rig.Runtime.AttachAsync(attach, cancellationToken: Token).ResponseAsync);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = container }, cancellationToken: Token);

        var url = (await rig.Runtime.AttachAsync(attach, cancellationToken: Token)).Url;
        await using var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io");
        var (error, input) = (await client.OpenAsync("error"), await client.OpenAsync("stdin"));
        var (output, _) = (await client.OpenAsync("stdout"), await client.OpenAsync("stderr"));
        await client.SendAsync(input, "echo -n hello\n", fin: true);
        Assert.Equal("hello", await client.ReadToEndAsync(output));
        Assert.Contains("\"Success\"", await client.ReadToEndAsync(error));
        Assert.Equal(0, (await rig.EndOfAsync(container)).ExitCode);
    }

    [RootFact(Needs = Needs)]
    public async Task What_cannot_be_is_said_at_once_or_on_the_error_stream()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var (rig, container) = await StartAsync(suite);
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => ExecAsync(rig, container, new ExecRequest { Stdout = true }));
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => ExecAsync(rig, container, new ExecRequest { Cmd = { "ls" } }));
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => ExecAsync(rig, container, new ExecRequest { Cmd = { "ls" }, Stderr = true, Tty = true }));
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => ExecAsync(rig, "nope", new ExecRequest { Cmd = { "ls" }, Stdout = true }));

        var url = await ExecAsync(rig, container, new ExecRequest { Stdout = true, Cmd = { "/no/such/program" } });
        var (refused, head) = await SpdyClient.UpgradeAsync(url, "v9.channel.k8s.io");
        await refused.DisposeAsync();
        Assert.StartsWith("HTTP/1.1 403 ", head);

        url = await ExecAsync(rig, container, new ExecRequest { Stdout = true, Cmd = { "/no/such/program" } });
        await using var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io");
        var error = await client.OpenAsync("error");
        await client.OpenAsync("stdout");
        Assert.Contains("/no/such/program", await client.ReadToEndAsync(error));
    }

    /// <summary>KiB of the runtime service.</summary>
    private static long Resident(SuiteInstance suite) => File.ReadLines($"/proc/{suite.Service("runtime").Id}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture)).Single();

    private static async Task<(KubernetesRig Rig, string Container)> StartAsync(SuiteInstance suite)
    {
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        return (rig, await rig.StartAsync(await rig.RunPodAsync(), "main", "sleep", "3600"));
    }

    private static async Task<string> ExecAsync(KubernetesRig rig, string container, ExecRequest request)
    {
        request.ContainerId = container;
        return (await rig.Runtime.ExecAsync(request, cancellationToken: Token)).Url;
    }

    // A size and a key go different ways: the key is pressed until the size has arrived.
    private static async Task UntilSizeAsync(SpdyClient client, uint input, uint output, string size)
    {
        await Task.Delay(100, Token);
        await client.SendAsync(input, "\n");
        await client.ReadUntilAsync(output, size);
    }
}
