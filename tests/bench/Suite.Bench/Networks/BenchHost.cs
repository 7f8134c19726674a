using System.Diagnostics;
using Grpc.Net.Client;
using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Network.V1;
using Suite.Testing.Files;
using Suite.Testing.Services;

namespace Suite.Bench.Networks;

/// <summary>A network namespace that stands for a host, with suite-network in it. Nothing of the machine's own network is touched.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder = new("suite-bench-net");
    private readonly NetworkNamespace _space;
    private readonly GrpcChannel _channel;
    private ServiceProcess? _service;

    private BenchHost()
    {
        // /run is memory on every machine; /tmp may be a disk.
        Directory.CreateDirectory(_folder.Path("run"));
        Execute("/usr/bin/mount", "-t", "tmpfs", "-o", "mode=0755", "suite-bench", _folder.Path("run"));
        Path = _folder.Path("host");
        _space = NetworkNamespace.Create(() => 0, out _);
        _space.BindTo(Path);
        _channel = UnixChannel.To(_folder.Path("run", "network.sock"));
        Client = new Suite.Network.V1.Network.NetworkClient(_channel);
    }

    public string Path { get; }

    public TempFolder Folder => _folder;

    public Suite.Network.V1.Network.NetworkClient Client { get; }

    /// <summary>What suite-network has used of the processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            using var process = Process.GetProcessById(_service!.Id);
            return process.TotalProcessorTime;
        }
    }

    public static async Task<BenchHost> StartAsync()
    {
        var host = new BenchHost();
        host.Run(() => Execute("/usr/sbin/ip", "link", "set", "lo", "up"));
        host._service = ServiceProcess.Start("network", "/usr/bin/nsenter",
        [
            $"--net={host.Path}", TestPaths.Executable("suite-network"), "--root", host._folder.Path("root"), "--run", host._folder.Path("run"),
            "--config", host._folder.Path("config"), "--instance", "bench",
        ]);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await host.Client.ListNetworksAsync(new ListNetworksRequest());
                return host;
            }
            catch (Grpc.Core.RpcException) when (Stopwatch.GetElapsedTime(started) < Patience && !host._service.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Runs something, and the processes that it starts, inside the host.</summary>
    public T Run<T>(Func<T> body) => _space.Run(body);

    public static string Execute(string file, params IReadOnlyList<string> arguments) => Execute(file, "", new Dictionary<string, string>(), arguments);

    public static string Execute(string file, string input, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new SuiteException(ErrorKind.Internal, $"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors}{output}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var attachment in (await Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments)
            await Client.DetachAsync(new DetachRequest { SandboxId = attachment.SandboxId });
        await Client.ReleaseAsync(new ReleaseRequest());
        if (_service is not null)
        {
            await _service.StopAsync();
            await _service.DisposeAsync();
        }

        _channel.Dispose();
        _space.Dispose();
        NetworkNamespace.Unbind(Path);
        Execute("/usr/bin/umount", _folder.Path("run"));
        _folder.Dispose();
    }
}
