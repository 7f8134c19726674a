using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Cli.Machine;

/// <summary>Asks ps(1) of this machine about some of its processes, with the options that people know, as docker's daemon does.</summary>
internal static class ProcessStatus
{
    /// <summary>Its lines, the headings first.</summary>
    /// <param name="options">As for ps: "-ef", "aux", "-o", "pid,comm".</param>
    /// <param name="pids">Of this machine.</param>
    public static async Task<IReadOnlyList<string>> ListAsync(IReadOnlyList<string> options, IReadOnlyCollection<int> pids, CancellationToken cancellationToken)
    {
        var (lines, failure) = await RunAsync([.. options, "-q", string.Join(',', pids)], cancellationToken);
        if (failure is null)
            return lines;
        // Options that choose or sort processes do not go with -q: all are listed, and those wanted are found by their PID.
        (lines, failure) = await RunAsync(options, cancellationToken);
        var said = string.Join(' ', options);
        if (failure is not null)
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot list processes with \"{said}\", which is for ps(1): {failure}");
        var column = lines.Count == 0 ? -1 : Array.IndexOf(Words(lines[0]), "PID");
        if (column < 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot tell the container's processes from others with \"{said}\": ps(1) prints no column PID for it; add -o pid");
        var wanted = pids.Select(pid => pid.ToString(CultureInfo.InvariantCulture)).ToHashSet(StringComparer.Ordinal);
        return [lines[0], .. lines.Skip(1).Where(line => Words(line).ElementAtOrDefault(column) is { } pid && wanted.Contains(pid))];
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<(IReadOnlyList<string> Lines, string? Failure)> RunAsync(IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("ps", options) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Headings as they are looked for, and lines that nobody cuts: that is the table's business.
        start.Environment["LC_ALL"] = "C";
        start.Environment["COLUMNS"] = "10000";
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            var said = (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            // It fails, too, where all of its processes have ended meanwhile: then it has printed headings, and no reason.
            return (lines, process.ExitCode == 0 || (lines.Length > 0 && said.Length == 0) ? null : said.FirstOrDefault() ?? $"it ended with exit code {process.ExitCode}");
        }
        catch (Win32Exception e)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, "cannot list processes with options of ps(1): it is not on this machine; install procps, or leave the options out", e);
        }
    }
}
