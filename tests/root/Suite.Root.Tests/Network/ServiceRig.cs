using Grpc.Net.Client;
using Suite.Hosting;
using Suite.Network;
using Suite.Network.Recovery;
using Suite.Network.V1;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

/// <summary>suite-network within the test's process, on folders and a subnet of the test's own.</summary>
internal sealed class ServiceRig : IAsyncDisposable
{
    private readonly LeakGuard _guard;
    private readonly TempFolder _folder;
    private readonly GrpcChannel _channel;
    private SuiteHost? _host;

    private ServiceRig(string instance)
    {
        Instance = instance;
        _guard = new LeakGuard(instance);
        _folder = new TempFolder(instance);
        _channel = UnixChannel.To(_folder.Path("run", "network.sock"));
        Client = new Suite.Network.V1.Network.NetworkClient(_channel);
    }

    public string Instance { get; }

    public Suite.Network.V1.Network.NetworkClient Client { get; }

    public string Database => _folder.Path("root", "network", "network.db");

    public string NamespacePath(string sandbox) => _folder.Path("run", "netns", $"{Instance}-{sandbox}");

    public static async Task<ServiceRig> StartAsync(string instance)
    {
        var rig = new ServiceRig(instance);
        await rig.StartAsync();
        return rig;
    }

    /// <summary>The folder of the service's settings, where lists of plugins are looked for too.</summary>
    public TempFolder Folder => _folder;

    /// <summary>What a plugin may take; short where it is to hang.</summary>
    public int PluginSeconds { get; set; } = 60;

    public async Task StartAsync(int mtu = 1500) => _host = await SuiteHost.StartAsync(
        "network",
        [
            "--root", _folder.Path("root"), "--run", _folder.Path("run"), "--config", _folder.Path("config"), "--instance", Instance,
            "--set", $"subnet={Wire.SubnetOf(Instance)}", "--set", $"subnet6={Wire.Subnet6Of(Instance)}", "--set", "spareNamespaces=2", "--set", $"mtu={mtu}", "--log-level", "error",
            "--set", $"resolvConf={_folder.Path("resolv.conf")}", "--set", $"cniBinDirectories:0={_folder.Path("plugins")}", "--set", $"cniTimeoutSeconds={PluginSeconds}",
        ],
        NetworkComposition.Compose,
        CancellationToken.None);

    /// <summary>Stops the service. It tidies nothing on its way out, so for the kernel this is what a kill is.</summary>
    public async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
            _host = null;
        }
    }

    /// <summary>Looks for what belongs to nobody, as the service does by itself once a minute.</summary>
    public Task CollectAsync() => ((Collector)_host!.Services.GetService(typeof(Collector))!).CollectAsync(CancellationToken.None);

    public AttachRequest Request(string sandbox, params (uint Host, uint Container)[] ports) => new()
    {
        SandboxId = sandbox,
        SandboxName = "default/" + sandbox,
        PortMappings = { ports.Select(port => new PortMapping { HostPort = port.Host, ContainerPort = port.Container }) },
    };

    public async Task<Attachment> AttachAsync(string sandbox, params (uint Host, uint Container)[] ports) =>
        (await Client.AttachAsync(Request(sandbox, ports))).Attachment;

    public async Task DetachAsync(string sandbox) => await Client.DetachAsync(new DetachRequest { SandboxId = sandbox });

    public async ValueTask DisposeAsync()
    {
        foreach (var attachment in (await Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments)
        {
            await DetachAsync(attachment.SandboxId);
        }

        var left = await Client.ReleaseAsync(new ReleaseRequest());
        Assert.Equal(0u, left.Attachments);
        await StopAsync();
        _channel.Dispose();
        _folder.Dispose();
        _guard.AssertNothingLeft();
    }
}
