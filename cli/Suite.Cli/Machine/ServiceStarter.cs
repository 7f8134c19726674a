using Suite.Cli.Endpoints;
using Suite.Linux.Errors;
using Suite.Linux.Processes;

namespace Suite.Cli.Machine;

/// <summary>Starts services side by side and waits until each is healthy. When one fails, those started are stopped again.</summary>
internal sealed class ServiceStarter(MachineFolders folders, ServiceClients clients, TimeProvider time)
{
    private const int LinesOfLog = 8;

    // Services need some tens of milliseconds: asking more often would only take the CPU from them.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public async Task<IReadOnlyDictionary<Service, int>> StartAsync(
        IReadOnlyList<Service> services, TimeSpan limit, CancellationToken cancellationToken)
    {
        RequireExecutables(services);
        Directory.CreateDirectory(folders.Logs, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var started = new List<Start>();
        try
        {
            foreach (var service in services)
            {
                var position = LogTail.Position(service.LogFile);
                started.Add(new Start(service, position, Daemon.Start(service.Executable, folders.Arguments(), service.LogFile)));
            }

            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(limit);
            await Task.WhenAll(started.Select(s => HealthyAsync(s, limit, deadline, cancellationToken)));
            return started.ToDictionary(s => s.Service, s => s.Pid);
        }
        catch
        {
            var stopper = new ServiceStopper(time);
            await Task.WhenAll(started.Select(s => stopper.StopAsync(ProcessStat.Read(s.Pid), ServiceStopper.DefaultLimit)));
            throw;
        }
    }

    private async Task HealthyAsync(Start start, TimeSpan limit, CancellationTokenSource deadline, CancellationToken cancellationToken)
    {
        string? answer = null;
        try
        {
            while (true)
            {
                if (ProcessStat.Read(start.Pid) is null or { HasEnded: true })
                    throw Failed(start, "it ended at once");
                if (File.Exists(start.Service.Socket))
                {
                    answer = await ServiceHealth.CheckAsync(clients, start.Service.Socket, time, deadline.Token);
                    if (answer is null)
                        return;
                }

                await Task.Delay(Pause, time, deadline.Token);
            }
        }
        catch (Exception e) when (e is not SuiteException && deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failed(start, $"it was not healthy after {limit.TotalSeconds:0.#} seconds{(answer is null ? "" : $" ({answer})")}");
        }
        catch (SuiteException)
        {
            // The others need not be waited for.
            await deadline.CancelAsync();
            throw;
        }
    }

    private static SuiteException Failed(Start start, string reason)
    {
        var lines = LogTail.Read(start.Service.LogFile, start.LogPosition, LinesOfLog);
        var said = lines.Count == 0 ? "its log is empty" : $"the end of its log:\n    {string.Join("\n    ", lines)}\n";
        return new SuiteException(
            ErrorKind.Unavailable, $"{start.Service.Name} did not start: {reason}; {said}(log: {start.Service.LogFile})");
    }

    private static void RequireExecutables(IReadOnlyList<Service> services)
    {
        var missing = services.Where(s => !File.Exists(s.Executable)).Select(s => Path.GetFileName(s.Executable)).ToList();
        if (missing.Count > 0)
        {
            throw new SuiteException(
                ErrorKind.NotFound,
                $"cannot start the services: {AppContext.BaseDirectory} has no {string.Join(", no ", missing)}; build or install Suite completely");
        }
    }

    private sealed record Start(Service Service, long LogPosition, int Pid);
}
