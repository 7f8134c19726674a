using System.Diagnostics;
using System.Net;
using Grpc.Net.Client;
using Suite.Linux.Errors;
using Suite.Network.V1;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Network;

/// <summary>
/// A host for suite-network alone: a network namespace of the test's own, with an uplink to a second one that stands for the world.
/// Rules and links can be broken there without anybody else noticing.
/// </summary>
internal sealed class HostRig : IAsyncDisposable
{
    public const string HostUplink = "192.0.2.1";
    public const string World4 = "192.0.2.2";
    public const string HostUplink6 = "2001:db8::1";
    public const string World6 = "2001:db8::2";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LeakGuard _guard;
    private readonly GrpcChannel _channel;
    private readonly List<string> _past = [];
    private ServiceProcess? _service;

    private HostRig(string name)
    {
        Name = name;
        _guard = new LeakGuard(name);
        Folder = new TempFolder(name);
        _channel = UnixChannel.To(Path.Combine(Folder.FullName, "run", "network.sock"));
        Client = new Suite.Network.V1.Network.NetworkClient(_channel);
    }

    public string Name { get; }

    public TempFolder Folder { get; }

    public Suite.Network.V1.Network.NetworkClient Client { get; }

    public string Host => $"/run/netns/{Name}-host";

    public string World => $"/run/netns/{Name}-world";

    public string CniFolder => Path.Combine(Folder.FullName, "config", "cni", "net.d");

    public IReadOnlyList<string> Log => _service!.Log;

    /// <summary>Error lines that are part of the test.</summary>
    public Func<string, bool> Expected { get; set; } = _ => false;

    public static async Task<HostRig> StartAsync(string name, params string[] settings)
    {
        var rig = new HostRig(name);
        try
        {
            rig.MakeHost();
            await rig.StartServiceAsync(settings);
            return rig;
        }
        catch
        {
            await rig.AbandonAsync();
            throw;
        }
    }

    public async Task StartServiceAsync(params string[] settings)
    {
        if (_service is not null)
            _past.AddRange(_service.Errors);
        string[] flags =
        [
            $"--net={Host}", TestPaths.Executable("suite-network"), "--root", Folder.Path("root"), "--run", Folder.Path("run"), "--config", Folder.Path("config"),
            "--instance", Name, "--set", "spareNamespaces=2", "--set", $"resolvConf={Folder.Path("resolv.conf")}", .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];
        _service = ServiceProcess.Start("network", "/usr/bin/nsenter", flags);
        await UntilAsync("suite-network answers", async () =>
        {
            Assert.False(_service.HasExited, string.Join('\n', _service.Log));
            await Client.ListNetworksAsync(new ListNetworksRequest());
        });
    }

    public Task KillServiceAsync() => _service!.HasExited ? Task.CompletedTask : _service.KillAsync();

    public async Task StopServiceAsync() => Assert.Equal(0, await _service!.StopAsync());

    public async Task<Attachment> AttachAsync(string sandbox, Action<AttachRequest>? change = null)
    {
        var request = new AttachRequest { SandboxId = sandbox, SandboxName = "default/" + sandbox };
        change?.Invoke(request);
        return (await Client.AttachAsync(request)).Attachment;
    }

    public async Task DetachAsync(string sandbox) => await Client.DetachAsync(new DetachRequest { SandboxId = sandbox });

    /// <summary>Runs a command inside a namespace and returns what it printed.</summary>
    public static string Run(string space, params string[] command) => Execute("/usr/bin/nsenter", [$"--net={space}", .. command]);

    /// <summary>Tries until it does not throw: what the kernel or the service does in the background needs a moment, on a busy machine a long one.</summary>
    public static async Task UntilAsync(string what, Func<Task> attempt)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception e) when (Stopwatch.GetElapsedTime(started) < Patience && e is not Xunit.Sdk.FalseException)
            {
                await Task.Delay(20);
            }
            catch (Exception e) when (e is not Xunit.Sdk.FalseException)
            {
                throw new SuiteException(ErrorKind.DeadlineExceeded, $"{what}: not within {Patience.TotalSeconds} s: {e.Message}", e);
            }
        }
    }

    public static IPAddress AddressOf(Attachment attachment, bool isIpv6 = false) => attachment.Endpoints
        .SelectMany(endpoint => endpoint.Addresses).Select(address => IPAddress.Parse(address.Split('/')[0]))
        .First(address => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 == isIpv6);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_service!.HasExited)
            {
                foreach (var attachment in (await Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments)
                    await DetachAsync(attachment.SandboxId);
                Assert.Equal(0u, (await Client.ReleaseAsync(new ReleaseRequest())).Attachments);
                Assert.Equal(0, await _service.StopAsync());
                Assert.DoesNotContain($"{Name}", Run(Host, "nft", "list", "ruleset"), StringComparison.Ordinal);
                Assert.DoesNotContain($": {Name}-", Run(Host, "ip", "-o", "link"), StringComparison.Ordinal);
                Assert.DoesNotContain($": {Name}0", Run(Host, "ip", "-o", "link"), StringComparison.Ordinal);
            }

            Assert.DoesNotContain(_service.Errors.Concat(_past), line => !Expected(line));
        }
        finally
        {
            await AbandonAsync();
        }

        _guard.AssertNothingLeft();
    }

    private void MakeHost()
    {
        Folder.File("resolv.conf", $"nameserver {World4}\nsearch test\n");
        Execute("/usr/sbin/ip", ["netns", "add", $"{Name}-host"]);
        Execute("/usr/sbin/ip", ["netns", "add", $"{Name}-world"]);
        // One process for all of it: each start costs as much as the link.
        string script = $"""
            link set lo up
            link add up0 type veth peer name up0 netns {Name}-world
            link set up0 up
            address add {HostUplink}/24 dev up0
            address add {HostUplink6}/64 dev up0 nodad
            """;
        Folder.File("host.ip", script);
        Folder.File("world.ip", $"link set lo up\nlink set up0 up\naddress add {World4}/24 dev up0\naddress add {World6}/64 dev up0 nodad\n");
        Execute("/usr/sbin/ip", ["-n", $"{Name}-host", "-batch", Folder.Path("host.ip")]);
        Execute("/usr/sbin/ip", ["-n", $"{Name}-world", "-batch", Folder.Path("world.ip")]);
    }

    private async Task AbandonAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        _channel.Dispose();
        foreach (string space in new[] { "host", "world" }.Select(kind => $"{Name}-{kind}").Where(space => File.Exists($"/run/netns/{space}")))
            Execute("/usr/sbin/ip", ["netns", "delete", space]);
        Folder.Dispose();
    }

    private static string Execute(string file, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{file} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }
}
