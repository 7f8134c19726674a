using Suite.Hosting.Clients;
using Suite.Testing.Files;

namespace Suite.Hosting.Tests;

/// <summary>A host in this process with the health service and whatever a test adds.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly TempFolder _folder = new("hosting");
    private SuiteHost? _host;

    public string Socket => _folder.Path("run", "image.sock");

    public string[] Args(string run = "run", string root = "root") =>
        ["--root", _folder.Path(root), "--run", _folder.Path(run), "--config", _folder.Path("etc"), "--log-level", "none"];

    public static async Task<RunningHost> StartAsync(Action<SuiteHostBuilder>? compose = null)
    {
        var running = new RunningHost();
        running._host = await SuiteHost.StartAsync("image", running.Args(), compose ?? (_ => { }), TestContext.Current.CancellationToken);
        return running;
    }

    public ServiceChannel Connect() => ServiceChannel.Connect(Socket);

    public async Task StopAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _host = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
