using System.CommandLine;
using System.Globalization;
using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class TopCommand : SuiteCommand
{
    private readonly Argument<string> _container;

    public TopCommand()
        : base("top", "CONTAINER", "List the processes of a container")
    {
        _container = One("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var top = await call.Services.Containers.TopAsync(new TopRequest { Container = call.Get(_container) }, cancellationToken: cancellationToken);
        var table = new Table("UID", "PID", "PPID", "STIME", "TTY", "TIME", "RSS", "CMD").Yielding("RSS", "TTY", "STIME", "TIME", "UID", "PPID");
        foreach (var process in top.Processes)
        {
            table.Add(
                $"{process.Uid}",
                $"{process.Pid}",
                $"{process.ParentPid}",
                Started(process, call.Session.Time),
                process.Terminal.Length > 0 ? process.Terminal : "?",
                TimeSpan.FromTicks((long)process.CpuNanoseconds / 100).ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture),
                Figures.Size(process.ResidentBytes),
                string.Join(' ', process.Command));
        }

        table.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    // As ps(1): the time of today's, the day of older ones.
    private static string Started(ProcessInfo process, TimeProvider time)
    {
        var started = TimeZoneInfo.ConvertTime(Timestamps.FromNanoseconds(process.StartedAt), time.LocalTimeZone);
        return started.ToString(time.GetLocalNow() - started < TimeSpan.FromDays(1) ? "HH:mm" : "MMMdd", CultureInfo.InvariantCulture);
    }
}
