using System.Diagnostics;
using Suite.Linux.Errors;
using Suite.Linux.Processes;

namespace Suite.Linux.Tests.Processes;

public sealed class DaemonTests : IDisposable
{
    private readonly string _log = Path.Combine(Path.GetTempPath(), $"suite-daemon-{Guid.NewGuid():N}.log");

    public void Dispose() => File.Delete(_log);

    [Fact]
    public async Task A_daemon_leads_a_session_and_writes_to_its_log()
    {
        await File.WriteAllTextAsync(_log, "before\n", TestContext.Current.CancellationToken);

        // Field 6 of /proc/PID/stat is the session.
        var pid = Daemon.Start("/bin/sh", ["-c", "cut -d' ' -f6 /proc/$$/stat; echo oops >&2; cat"], _log);
        for (var began = Stopwatch.StartNew(); ProcessStat.Read(pid) is { HasEnded: false } && began.Elapsed < TimeSpan.FromSeconds(5);)
            await Task.Delay(5, TestContext.Current.CancellationToken);

        Assert.Equal($"before\n{pid}\noops\n", await File.ReadAllTextAsync(_log, TestContext.Current.CancellationToken));
        Assert.False(ProcessStat.Read(pid) is { HasEnded: false });
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var failure = Assert.Throws<ErrnoException>(() => Daemon.Start("/nosuch", [], _log));

        Assert.Equal((ErrorKind.NotFound, $"start /nosuch with its output in {_log}: no such file or directory (ENOENT)"), (failure.Kind, failure.Message));
    }
}
