using System.CommandLine;
using Suite.Cli.Machine;
using Suite.Cli.Syntax;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class DownCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<string?> _timeout;

    public DownCommand()
        : base("down", "[OPTIONS]", "Stop the services; containers go on")
    {
        _all = Flag("--all", "Remove every container and pod first, and leave nothing in the kernel");
        _timeout = Text("--timeout", "SECONDS", "How long a service may take before it is killed (default: 10)", "-t");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var limit = call.Get(_timeout) is { } text
            ? TimeSpan.FromSeconds(QuantitySyntax.Seconds("--timeout", text))
            : ServiceStopper.DefaultLimit;
        var services = Service.All(call.Sockets, new MachineFolders(call.Sockets.Directory, null, null, null));
        var running = services.Select(s => (Service: s, Process: SocketOwner.Find(s))).Where(s => s.Process is not null).ToList();
        if (call.Get(_all))
        {
            RequireAll(call, [.. services.Except(running.Select(r => r.Service))]);
            await new Clearance(call.Services).RunAsync(cancellationToken);
        }
        else if (running.Count == 0)
        {
            await call.Error.WriteLineAsync($"No service runs in {call.Sockets.Directory}");
            return ExitCodes.Success;
        }

        // The runtime asks the others until its end, so it goes first; those do not know each other.
        var stopper = new ServiceStopper(call.Session.Time);
        foreach (var round in running.GroupBy(r => r.Service.Name == "suite-runtime").OrderByDescending(g => g.Key))
            await Task.WhenAll(round.Select(r => StopAsync(r.Service, r.Process!.Value)));
        return ExitCodes.Success;

        async Task StopAsync(Service service, Linux.Processes.ProcessStat process)
        {
            var inTime = await stopper.StopAsync(process, limit);
            await call.Error.WriteLineAsync(inTime
                ? $"{service.Name} stopped"
                : $"{service.Name} did not stop in {limit.TotalSeconds:0} seconds and was killed");
        }
    }

    private static void RequireAll(Invocation call, IReadOnlyList<Service> missing)
    {
        // The registry is not needed to remove anything.
        var needed = missing.Where(s => s.Name != "suite-registry").Select(s => s.Name).ToList();
        if (needed.Count > 0)
        {
            throw new SuiteException(
                ErrorKind.FailedPrecondition,
                $"cannot remove the containers: {string.Join(", ", needed)} {(needed.Count == 1 ? "is" : "are")} not running in {call.Sockets.Directory}; "
                + "start the services with \"suite up\", then say \"suite down --all\" again");
        }
    }
}
