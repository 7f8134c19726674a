using System.CommandLine;
using Suite.Cli.Machine;
using Suite.Cli.Syntax;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class UpCommand : SuiteCommand
{
    private const uint DefaultWait = 30;

    private readonly Option<string?> _root;
    private readonly Option<string?> _config;
    private readonly Option<string?> _instance;
    private readonly Option<string?> _wait;

    public UpCommand()
        : base("up", "[OPTIONS]", "Start the services on this machine")
    {
        _root = Text("--root", "DIR", "Folder of images, containers and logs (default: /var/lib/suite)");
        _config = Text("--config", "DIR", "Folder of the configuration (default: /etc/suite)");
        _instance = Text("--instance", "NAME", "Names bridge, table and cgroups in the kernel (default: suite)");
        _wait = Text("--wait", "SECONDS", $"How long they may take until they are healthy (default: {DefaultWait})");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var begin = call.Session.Time.GetTimestamp();
        var limit = TimeSpan.FromSeconds(call.Get(_wait) is { } text ? QuantitySyntax.Seconds("--wait", text) : DefaultWait);
        var folders = new MachineFolders(
            call.Sockets.Directory, Full(call.Get(_root) ?? call.Session.Environment("SUITE_ROOT")), Full(call.Get(_config)), call.Get(_instance));
        var services = Service.All(call.Sockets, folders);

        using var startLock = StartLock.Take(folders.Run);
        var running = services.Select(s => (Service: s, Process: SocketOwner.Find(s))).Where(s => s.Process is not null).ToList();
        if (running.Count == services.Count)
        {
            throw new SuiteException(
                ErrorKind.FailedPrecondition,
                $"the services already run in {folders.Run} ({string.Join(", ", running.Select(r => $"{r.Service.Name} {r.Process!.Value.Pid}"))}); "
                + "stop them with \"suite down\", or choose another folder with --run, --root and --instance");
        }

        foreach (var (service, process) in running)
            await call.Error.WriteLineAsync($"{service.Name} runs already ({process!.Value.Pid})");

        var missing = services.Except(running.Select(r => r.Service)).ToList();
        var started = await new ServiceStarter(folders, call.Services, call.Session.Time).StartAsync(missing, limit, cancellationToken);
        foreach (var (service, pid) in started)
            await call.Error.WriteLineAsync($"{service.Name} started ({pid})");
        await call.Error.WriteLineAsync(
            FormattableString.Invariant($"The services are healthy after {call.Session.Time.GetElapsedTime(begin).TotalSeconds:0.00} seconds"));
        return ExitCodes.Success;
    }

    private static string? Full(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);
}
