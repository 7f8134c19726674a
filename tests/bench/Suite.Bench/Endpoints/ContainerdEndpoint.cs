using System.Diagnostics;
using Grpc.Core;
using Runtime.V1;
using Suite.Linux.Errors;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Suite.Testing.Services;

namespace Suite.Bench.Endpoints;

/// <summary>Debian's containerd, runc and CNI plugins, started for this run alone.</summary>
internal sealed class ContainerdEndpoint : Endpoint
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder;
    private readonly ServiceProcess _daemon;
    private readonly LeakGuard _guard;
    private readonly string _name;

    private ContainerdEndpoint(string name, string socket, string registry, TempFolder folder, ServiceProcess daemon, LeakGuard guard)
        : base("containerd", socket, registry)
    {
        _name = name;
        _folder = folder;
        _daemon = daemon;
        _guard = guard;
    }

    public override string CgroupParent => $"/{_name}";

    public static async Task<ContainerdEndpoint> StartAsync(string registry, string pauseImage)
    {
        var name = InstanceName.Of("suite-bench containerd");
        var guard = new LeakGuard(name);
        var folder = new TempFolder(name);
        var configuration = ContainerdConfiguration.Write(folder, $"{name}0", pauseImage);
        var daemon = ServiceProcess.Start("containerd", "containerd", ["--config", configuration, "--log-level", LogLevel]);
        var endpoint = new ContainerdEndpoint(name, folder.Path("containerd.sock"), registry, folder, daemon, guard);
        try
        {
            await endpoint.WaitUntilReadyAsync();
            return endpoint;
        }
        catch
        {
            await endpoint.DisposeAsync();
            throw;
        }
    }

    // The daemon, a shim for each pod, and the pause process that holds the pod: all that a pod costs beside its containers.
    public override IEnumerable<int> Processes()
    {
        var shims = ProcessTable.Where(line =>
            Path.GetFileName(line[0]).StartsWith("containerd-shim", StringComparison.Ordinal) && line.Contains(_folder.Path("containerd.sock"))).ToList();
        return [_daemon.Id, .. shims, .. ProcessTable.Children(shims).Where(id => ProcessTable.CommandLine(id)[0] == "/pause")];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _daemon.StopAsync();
        await _daemon.DisposeAsync();
        foreach (var mount in File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(path => path.StartsWith(_folder.FullName, StringComparison.Ordinal)).Reverse().ToList())
            await RunAsync("umount", "--lazy", mount);
        await RunAsync("ip", "link", "delete", $"{_name}0");
        foreach (var group in _guard.Left().Where(line => line.StartsWith("cgroup ", StringComparison.Ordinal)))
            Directory.Delete(group["cgroup ".Length..]);
        _folder.Dispose();
        foreach (var left in _guard.Left())
            Console.Error.WriteLine($"containerd left behind: {left}");
    }

    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(StartPatience);
        while (true)
        {
            if (_daemon.HasExited || limit.IsCancellationRequested)
                throw new SuiteException(ErrorKind.Unavailable, $"start containerd: it is not ready. Its log:\n  {string.Join("\n  ", _daemon.Log)}");
            try
            {
                var status = await Runtime.StatusAsync(new StatusRequest());
                if (status.Status.Conditions.All(condition => condition.Status))
                    return;
            }
            catch (RpcException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
    }
}
