using System.Text;
using Runtime.V1;
using Suite.E2e.Tests.Runtime;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Streaming;

/// <summary>CRI's Exec over a WebSocket, in every version of the protocol.</summary>
public sealed class WebSocketExecTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Every_version_carries_a_process_and_v5_the_end_of_its_input()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var container = await rig.StartAsync(await rig.RunPodAsync(), "main", "sleep", "3600");

        using (var client = await WebSocketClient.ConnectAsync(await UrlAsync(rig, container, "cat; exit 5", input: true), "v4.channel.k8s.io", "v5.channel.k8s.io"))
        {
            Assert.Equal("v5.channel.k8s.io", client.Protocol);
            await client.SendAsync(0, "typed");
            await client.SendAsync(255, [0]);
            // Behind the end there is nothing: dropped.
            await client.SendAsync(0, "late");
            var said = await client.ReadToEndAsync();
            Assert.Equal("typed", said[1]);
            Assert.Contains("\"message\":\"5\"", said[3]);
        }

        using (var client = await WebSocketClient.ConnectAsync(await UrlAsync(rig, container, "read a; echo got $a; echo err >&2", input: true), "v4.channel.k8s.io"))
        {
            Assert.Equal([1], await client.ReceiveAsync());
            await client.SendAsync(0, "line\n");
            var said = await client.ReadToEndAsync();
            Assert.Equal(("got line\n", "err\n"), (said[1], said[2]));
            Assert.Contains("\"Success\"", said[3]);
        }

        using (var client = await WebSocketClient.ConnectAsync(await UrlAsync(rig, container, "read a; echo got $a", input: true), "v4.base64.channel.k8s.io"))
        {
            await client.SendTextAsync("0" + Convert.ToBase64String("line\n"u8));
            var text = new StringBuilder();
            while (await client.ReceiveAsync() is { } message)
            {
                if (message[0] == '1')
                    text.Append(Encoding.UTF8.GetString(Convert.FromBase64String(Encoding.ASCII.GetString(message[1..]))));
            }
            Assert.Equal("got line\n", text.ToString());
        }

        using (var client = await WebSocketClient.ConnectAsync(await UrlAsync(rig, container, "echo old; exit 2", input: false)))
        {
            var said = await client.ReadToEndAsync();
            Assert.Equal("old\n", said[1]);
            // Before v4 the end is a sentence.
            Assert.Equal("command terminated with non-zero exit code: 2", said[3]);
        }
    }

    private static async Task<string> UrlAsync(KubernetesRig rig, string container, string script, bool input) => (await rig.Runtime.ExecAsync(
        new ExecRequest { ContainerId = container, Cmd = { "sh", "-c", script }, Stdin = input, Stdout = true, Stderr = true }, cancellationToken: Token)).Url;
}
