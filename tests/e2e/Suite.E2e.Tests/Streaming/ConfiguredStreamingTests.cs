using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Runtime.V1;
using Suite.E2e.Tests.Runtime;
using Suite.Linux.Errors;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Suite.Testing.Streaming;

namespace Suite.E2e.Tests.Streaming;

/// <summary>The streaming server as it is configured: over TLS, and with little patience.</summary>
public sealed class ConfiguredStreamingTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Over_TLS_both_protocols_work_and_plain_text_does_not()
    {
        var (suite, rig, container) = await StartAsync("strmtls", folder => new { streaming = Certificate(folder) });
        await using var _ = suite;
        var url = await ExecAsync(rig, container, "cat; exit 3", input: true);
        Assert.Matches("^https://127.0.0.1:[0-9]+/exec/[0-9a-f]{32}$", url);
        await using (var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io"))
        {
            var (error, input, output) = (await client.OpenAsync("error"), await client.OpenAsync("stdin"), await client.OpenAsync("stdout"));
            await client.SendAsync(input, "typed", fin: true);
            Assert.Equal("typed", await client.ReadToEndAsync(output));
            Assert.Contains("\"message\":\"3\"", await client.ReadToEndAsync(error));
        }

        using (var client = await WebSocketClient.ConnectAsync(await ExecAsync(rig, container, "echo over; exit 4", input: false), "v5.channel.k8s.io"))
        {
            var said = await client.ReadToEndAsync();
            Assert.Equal("over\n", said[1]);
            Assert.Contains("\"message\":\"4\"", said[3]);
        }

        // A client that speaks plain text gets no answer, and spends no ticket.
        url = await ExecAsync(rig, container, "true", input: false);
        var (plain, head) = await SpdyClient.UpgradeAsync(url.Replace("https://", "http://", StringComparison.Ordinal), "v4.channel.k8s.io");
        await plain.DisposeAsync();
        Assert.DoesNotContain(" 101 ", head);
        await using var late = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io");
        var (outcome, nothing) = (await late.OpenAsync("error"), await late.OpenAsync("stdout"));
        Assert.Equal("", await late.ReadToEndAsync(nothing));
        Assert.Contains("Success", await late.ReadToEndAsync(outcome));
    }

    [RootTheory(Needs = Need.Executables)]
    [InlineData("""{"address": "0.0.0.0"}""", "streaming.certificate")]
    [InlineData("""{"certificate": "/no/such/file"}""", "belong together")]
    [InlineData("""{"certificate": "/no/such/file", "key": "/no/such/key"}""", "/no/such/file")]
    [InlineData("""{"address": "here"}""", "streaming.address")]
    public async Task A_server_that_would_be_open_or_broken_does_not_start(string streaming, string word)
    {
        await using var suite = await SuiteInstance.StartAsync("strmbad", ["network"]);
        await File.WriteAllTextAsync(Path.Combine(suite.Config, "runtime.json"), $$"""{"streaming": {{streaming}}}""", Token);
        suite.Expect("streaming");
        var failure = await Assert.ThrowsAsync<SuiteException>(() => suite.StartServiceAsync("runtime"));
        Assert.Contains(word, failure.Message);
    }

    [RootFact(Needs = Needs)]
    public async Task A_connection_on_which_nothing_goes_is_closed_and_its_process_ends()
    {
        var (suite, rig, container) = await StartAsync("strmidle", _ => new { streaming = new { idleSeconds = 2 } });
        await using var _ = suite;

        await using (var client = await SpdyClient.ConnectAsync(await ExecAsync(rig, container, "exec sleep 1111", input: true), "v4.channel.k8s.io"))
        {
            await client.OpenAsync("error");
            await client.OpenAsync("stdin");
            await client.OpenAsync("stdout");
            await client.Closed.WaitAsync(TimeSpan.FromSeconds(20), Token);
        }

        using (var client = await WebSocketClient.ConnectAsync(await ExecAsync(rig, container, "exec sleep 2222", input: true), "v5.channel.k8s.io"))
        {
            try
            {
                await client.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20), Token);
            }
            catch (System.Net.WebSockets.WebSocketException)
            {
                // Cut off without a close: the end, too.
            }
        }

        await UntilGoneAsync(rig, container, "sleep 1111");
        await UntilGoneAsync(rig, container, "sleep 2222");
    }

    [RootTheory(Needs = Needs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_on_which_something_goes_in_one_direction_stays(bool spdy)
    {
        var (suite, rig, container) = await StartAsync(spdy ? "strmliv1" : "strmliv2", _ => new { streaming = new { idleSeconds = 2 } });
        await using var _ = suite;
        // Longer than the patience, and the client says nothing.
        const string Talk = "i=0; while [ $i -lt 10 ]; do echo $i; sleep 0.5; i=$((i+1)); done; echo over";
        var url = await ExecAsync(rig, container, Talk, input: false);
        if (spdy)
        {
            await using var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io");
            var (error, output) = (await client.OpenAsync("error"), await client.OpenAsync("stdout"));
            Assert.EndsWith("over\n", await client.ReadToEndAsync(output));
            Assert.Contains("Success", await client.ReadToEndAsync(error));
        }
        else
        {
            using var client = await WebSocketClient.ConnectAsync(url, "v5.channel.k8s.io");
            Assert.EndsWith("over\n", (await client.ReadToEndAsync())[1]);
        }
    }

    private static async Task<(SuiteInstance Suite, KubernetesRig Rig, string Container)> StartAsync(string name, Func<string, object> configuration)
    {
        var suite = await SuiteInstance.StartAsync(name, ["registry", "image", "network"]);
        await File.WriteAllTextAsync(Path.Combine(suite.Config, "runtime.json"), JsonSerializer.Serialize(configuration(suite.Config)), Token);
        await suite.StartServiceAsync("runtime");
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        return (suite, rig, await rig.StartAsync(await rig.RunPodAsync(), "main", "sleep", "3600"));
    }

    private static object Certificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=suite-tests", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(200));
        var (file, secret) = (Path.Combine(folder, "streaming.crt"), Path.Combine(folder, "streaming.key"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(secret, key.ExportPkcs8PrivateKeyPem());
        return new { certificate = file, key = secret };
    }

    private static async Task UntilGoneAsync(KubernetesRig rig, string container, string command)
    {
        for (var i = 0; i < 500 && (await Ps()).Contains(command); i++)
            await Task.Delay(20, Token);
        Assert.DoesNotContain(command, await Ps());

        async Task<string> Ps() => (await rig.ExecAsync(container, "ps")).Stdout.ToStringUtf8();
    }

    private static async Task<string> ExecAsync(KubernetesRig rig, string container, string script, bool input) => (await rig.Runtime.ExecAsync(
        new ExecRequest { ContainerId = container, Cmd = { "sh", "-c", script }, Stdin = input, Stdout = true, Stderr = false }, cancellationToken: Token)).Url;
}
