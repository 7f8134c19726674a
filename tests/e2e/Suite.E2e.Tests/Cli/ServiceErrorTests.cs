using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Cli;

/// <summary>Services that are down, refuse the caller or do not know the call, and a registry without TLS: one sentence each, with the remedy.</summary>
public sealed class ServiceErrorTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox;

    [RootFact(Needs = Needs)]
    public async Task Services_that_are_down()
    {
        using var folder = new TempFolder("down");
        var cli = new CliProcess(folder.FullName);
        var sentence = $"suite: cannot connect to suite-runtime: there is no socket {folder.Path("runtime.sock")}; start the services with \"suite up\"\n";

        Assert.Equal(new CliResult(1, "", sentence), await cli.RunAsync("ps"));
        Assert.Equal(new CliResult(125, "", sentence), await cli.RunAsync("run", "busybox"));
    }

    [RootFact(Needs = Needs)]
    public async Task A_caller_who_is_not_root()
    {
        // The folders to the socket may be open or not: either way it is permission that is missing.
        var start = new ProcessStartInfo("setpriv", ["--reuid", "65534", "--clear-groups", TestPaths.Executable("suite"), "--run", instance.Suite.Run, "ps"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var result = await CliProcess.EndOfAsync(process);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("permission denied; run suite as root", result.Error);
    }

    [RootFact(Needs = Needs)]
    public async Task A_service_that_does_not_know_the_call()
    {
        // The registry's socket in the runtime's place: to the CLI it is a service of another version.
        var result = await instance.Cli.RunAsync("-H", $"unix://{instance.Suite.Run}/registry.sock", "ps");

        Assert.Equal(
            new CliResult(1, "", "suite: the service does not know this call: suite and the services are of different versions; restart them with \"suite down\" and \"suite up\"\n"),
            result);
    }

    [RootFact(Needs = Needs)]
    public async Task A_registry_without_TLS_that_is_not_on_loopback()
    {
        // The host's address on the bridge is there once a container has been.
        _ = (await instance.Cli.RunAsync("run", "--rm", "busybox", "true")).Good;
        var address = (await instance.Cli.RunAsync("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", "bridge")).Good;
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var answering = AnswerAsync(listener, TestContext.Current.CancellationToken);
        var host = listener.LocalEndpoint.ToString()!;
        _ = (await instance.Cli.RunAsync("tag", "busybox", $"{host}/box")).Good;

        foreach (var command in (string[])["push", "pull"])
        {
            var result = await instance.Cli.RunAsync(command, $"{host}/box");
            Assert.Equal(1, result.ExitCode);
            Assert.Contains($"The registry {host} speaks HTTP without TLS", result.Error);
            Assert.Contains("insecureRegistries in image.json", result.Error);
        }

        Assert.Contains("add --plain-http", (await instance.Cli.RunAsync("login", "-u", "a", "-p", "b", host)).Error);
        _ = (await instance.Cli.RunAsync("rmi", $"{host}/box")).Good;
        listener.Stop();
        await answering;
    }

    private static async Task AnswerAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellationToken);
                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }
}
