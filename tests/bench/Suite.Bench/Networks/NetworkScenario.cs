using System.Diagnostics;
using System.Text.Json.Nodes;
using Suite.Bench.Results;
using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Network.V1;

namespace Suite.Bench.Networks;

/// <summary>suite-network beside the chain of CNI plugins, on one host, in turns: attach and detach, many pods, throughput.</summary>
internal sealed class NetworkScenario(Board board, BenchOptions options)
{
    public const string Peer = "cni";
    private const string Ours = "suite";
    private const int WarmUp = 3;
    private const int ManyPods = 500;
    private const int PortsEach = 4;
    private const int Edge = 50;

    public async Task RunAsync(Action<string> say)
    {
        if (!Directory.Exists(CniChain.Folder))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{CniChain.Folder} is not there: install containernetworking-plugins and iptables, which the network part measures Suite beside");
        await using var host = await BenchHost.StartAsync();
        var chain = new CniChain(host);
        say($"{options.Rounds} attachments with a published port, in turns with the CNI chain");
        await InTurnsAsync(host, chain);
        say($"{ManyPods} pods with {ManyPods * PortsEach} published ports");
        await ManyAsync(host);
        if (File.Exists("/usr/bin/iperf3"))
        {
            say("throughput between two pods");
            await ThroughputAsync(host, chain);
        }
    }

    private async Task InTurnsAsync(BenchHost host, CniChain chain)
    {
        for (var round = -WarmUp; round < options.Rounds; round++)
        {
            var counted = round < 0 ? new Board() : board;
            // The kernel takes a namespace apart after the call: neither is to pay for the other's.
            await Task.Delay(50);
            await counted.TimeAsync(Names.Attach, Ours, async () => await host.Client.AttachAsync(Request("one", 8080)));
            await counted.TimeAsync(Names.Detach, Ours, async () => await host.Client.DetachAsync(new DetachRequest { SandboxId = "one" }));
            await Task.Delay(50);
            var path = host.Folder.Path("cni-one");
            host.Run(() =>
            {
                var started = Stopwatch.GetTimestamp();
                chain.Add("one", path, 8081);
                counted.AddTime(Names.Attach, Peer, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                started = Stopwatch.GetTimestamp();
                chain.Delete("one", path, 8081);
                counted.AddTime(Names.Detach, Peer, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                return 0;
            });
        }
    }

    private async Task ManyAsync(BenchHost host)
    {
        var times = new List<double>();
        var processor = host.ProcessorTime;
        for (var pod = 0; pod < ManyPods; pod++)
        {
            var request = Request($"many{pod}", [.. Enumerable.Range(0, PortsEach).Select(n => 10000 + (pod * PortsEach) + n)]);
            var started = Stopwatch.GetTimestamp();
            await host.Client.AttachAsync(request);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        // What it costs whatever else the machine does at the time.
        board.SetValue(Names.ProcessorTime, Ours, (host.ProcessorTime - processor).TotalMilliseconds / ManyPods, "ms");
        double Median(IEnumerable<double> some) => some.Order().ElementAt(Edge / 2);
        board.SetValue(Names.FirstOfMany, Ours, Median(times.Take(Edge)), "ms");
        board.SetValue(Names.LastOfMany, Ours, Median(times.TakeLast(Edge)), "ms");
        board.SetValue(Names.LastToFirst, Ours, Median(times.TakeLast(Edge)) / Median(times.Take(Edge)), "times");
        for (var pod = 0; pod < ManyPods; pod++)
            await host.Client.DetachAsync(new DetachRequest { SandboxId = $"many{pod}" });
    }

    private async Task ThroughputAsync(BenchHost host, CniChain chain)
    {
        var (server, client) = ((await host.Client.AttachAsync(Request("server"))).Attachment, (await host.Client.AttachAsync(Request("client"))).Attachment);
        var (cniServer, cniClient) = (host.Folder.Path("cni-server"), host.Folder.Path("cni-client"));
        var address = host.Run(() =>
        {
            chain.Add("client", cniClient, 8083);
            return chain.Add("server", cniServer, 8082);
        });
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < 3; round++)
        {
            ours.Add(Measure(server.NetnsPath, client.NetnsPath, server.Endpoints[0].Addresses[0].Split('/')[0]));
            theirs.Add(Measure(cniServer, cniClient, address));
        }

        board.SetValue(Names.Throughput, Ours, ours.Order().ElementAt(1), "Gbit/s");
        board.SetValue(Names.Throughput, Peer, theirs.Order().ElementAt(1), "Gbit/s");
        host.Run(() =>
        {
            chain.Delete("server", cniServer, 8082);
            chain.Delete("client", cniClient, 8083);
            return 0;
        });
    }

    /// <summary>Gbit/s of one TCP connection, two seconds after a short start.</summary>
    private static double Measure(string server, string client, string address)
    {
        using var serving = NetworkNamespace.Open(server);
        using var asking = NetworkNamespace.Open(client);
        using var process = serving.Run(() => Process.Start(new ProcessStartInfo("/usr/bin/iperf3", ["-s", "-1"]) { RedirectStandardOutput = true })!);
        // One that comes while the server is still starting can be the one client that it takes.
        for (var attempt = 0; attempt < 100 && !Listens(process.Id); attempt++)
            Thread.Sleep(20);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var report = asking.Run(() => BenchHost.Execute("/usr/bin/iperf3", "-c", address, "-t", "2", "-O", "1", "-J"));
                // It is to end with its one client. If it took another attempt for that, the figure is here all the same.
                if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
                    process.Kill();
                return (double)JsonNode.Parse(report)!["end"]!["sum_received"]!["bits_per_second"]! / 1e9;
            }
            catch (SuiteException) when (attempt < 50)
            {
                Thread.Sleep(100); // it does not listen yet
            }
        }
    }

    // Port 5201 in the state LISTEN (proc_pid_net(5)); iperf3 listens on the wildcard of IPv6.
    private static bool Listens(int pid) => File.ReadLines($"/proc/{pid}/net/tcp6").Any(line => line.Contains(":1451 ", StringComparison.Ordinal) && line.Contains(" 0A ", StringComparison.Ordinal));

    private static AttachRequest Request(string pod, params IReadOnlyList<int> ports) => new()
    {
        SandboxId = pod,
        PortMappings = { ports.Select(port => new PortMapping { HostPort = (uint)port, ContainerPort = 80 }) },
    };
}
