using System.CommandLine;
using System.Globalization;
using Suite.Cli.Machine;
using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class TopCommand : SuiteCommand
{
    private static readonly (string Heading, Func<ProcessInfo, TimeProvider, string> Cell)[] Columns =
    [
        ("UID", (p, _) => $"{p.Uid}"),
        ("PID", (p, _) => $"{p.Pid}"),
        ("PPID", (p, _) => $"{p.ParentPid}"),
        ("STIME", Started),
        ("TTY", (p, _) => p.Terminal.Length > 0 ? p.Terminal : "?"),
        ("TIME", (p, _) => TimeSpan.FromTicks((long)p.CpuNanoseconds / 100).ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture)),
        ("RSS", (p, _) => Figures.Memory(p.ResidentBytes)),
        ("CMD", (p, _) => string.Join(' ', p.Command)),
    ];

    private readonly Argument<string[]> _containerAndOptions;

    public TopCommand()
        : base("top", "CONTAINER [ps OPTIONS]", "List the processes of a container; options behind its name are those of ps(1), as -ef, aux or -o pid,comm")
    {
        _containerAndOptions = Rest("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var words = call.Get(_containerAndOptions);
        var top = await call.Services.Containers.TopAsync(new TopRequest { Container = words[0] }, cancellationToken: cancellationToken);
        // Docker's users quote them, too: "-o pid,comm".
        var options = words.Skip(1).SelectMany(word => word.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var columns = call.Session.Streams.Columns;
        if (options.Count > 0)
        {
            foreach (var line in await ProcessStatus.ListAsync(options, [.. top.Processes.Select(p => p.Pid)], cancellationToken))
                await call.Out.WriteLineAsync(Table.Cut(line, columns));
            return ExitCodes.Success;
        }

        var table = new Table([.. Columns.Select(c => c.Heading)]).Yielding("RSS", "TTY", "STIME", "TIME", "UID", "PPID");
        foreach (var process in top.Processes)
            table.Add([.. Columns.Select(c => c.Cell(process, call.Session.Time))]);
        table.Write(call.Out, columns);
        return ExitCodes.Success;
    }

    // As ps(1): the time of today's, the day of older ones.
    private static string Started(ProcessInfo process, TimeProvider time)
    {
        var started = TimeZoneInfo.ConvertTime(Timestamps.FromNanoseconds(process.StartedAt), time.LocalTimeZone);
        return started.ToString(time.GetLocalNow() - started < TimeSpan.FromDays(1) ? "HH:mm" : "MMMdd", CultureInfo.InvariantCulture);
    }
}
