using System.CommandLine;
using System.Globalization;
using Suite.Cli.Output;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class TopCommand : SuiteCommand
{
    /// <summary>By ps(1)'s names for -o, each with its heading; the first of two names is what help and errors say.</summary>
    private static readonly (string[] Names, string Heading, Func<ProcessInfo, TimeProvider, string> Cell)[] Columns =
    [
        (["uid", "user"], "UID", (p, _) => $"{p.Uid}"),
        (["pid"], "PID", (p, _) => $"{p.Pid}"),
        (["ppid"], "PPID", (p, _) => $"{p.ParentPid}"),
        (["stime", "start"], "STIME", Started),
        (["tty", "tt", "tname"], "TTY", (p, _) => p.Terminal.Length > 0 ? p.Terminal : "?"),
        (["time", "cputime"], "TIME", (p, _) => TimeSpan.FromTicks((long)p.CpuNanoseconds / 100).ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture)),
        (["rss"], "RSS", (p, _) => Figures.Size(p.ResidentBytes)),
        (["stat", "s", "state"], "STAT", (p, _) => p.State),
        (["cmd", "args", "command"], "CMD", (p, _) => string.Join(' ', p.Command)),
        (["comm"], "COMMAND", (p, _) => Path.GetFileName(p.Command.FirstOrDefault() ?? "")),
    ];

    private static readonly string[] Usual = ["uid", "pid", "ppid", "stime", "tty", "time", "rss", "cmd"];

    private readonly Argument<string[]> _containerAndOptions;

    public TopCommand()
        : base("top", "CONTAINER [-o COLUMN,...]", $"List the processes of a container; columns: {string.Join(", ", Columns.Select(c => c.Names[0]))}")
    {
        _containerAndOptions = Rest("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var words = call.Get(_containerAndOptions);
        var columns = Chosen(words[1..]).Select(name => Array.Find(Columns, c => c.Names.Contains(name))).ToList();
        var top = await call.Services.Containers.TopAsync(new TopRequest { Container = words[0] }, cancellationToken: cancellationToken);
        var table = new Table([.. columns.Select(c => c.Heading)]).Yielding("RSS", "TTY", "STIME", "TIME", "UID", "PPID");
        foreach (var process in top.Processes)
            table.Add([.. columns.Select(c => c.Cell(process, call.Session.Time))]);
        table.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    /// <summary>What people write behind a container is for ps(1), which Docker runs. Which processes is clear; which columns -o says.</summary>
    private static IReadOnlyList<string> Chosen(string[] options)
    {
        var text = options switch
        {
            [] or ["aux" or "-aux" or "-ef" or "-e" or "-f" or "ax"] => null,
            ["-o" or "-eo", var list] => list,
            [['-', 'o', .. { Length: > 0 } list]] => list,
            _ => throw Wrong(string.Join(' ', options)),
        };
        var names = text?.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries) ?? Usual;
        return names.All(name => Columns.Any(c => c.Names.Contains(name))) ? names : throw Wrong(string.Join(' ', options));
    }

    private static SuiteException Wrong(string options) => new(
        ErrorKind.InvalidArgument, $"cannot use \"{options}\": behind the container stands -o COLUMN,... or nothing, with columns of {string.Join(", ", Columns.Select(c => c.Names[0]))}");

    // As ps(1): the time of today's, the day of older ones.
    private static string Started(ProcessInfo process, TimeProvider time)
    {
        var started = TimeZoneInfo.ConvertTime(Timestamps.FromNanoseconds(process.StartedAt), time.LocalTimeZone);
        return started.ToString(time.GetLocalNow() - started < TimeSpan.FromDays(1) ? "HH:mm" : "MMMdd", CultureInfo.InvariantCulture);
    }
}
