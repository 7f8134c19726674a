using System.Diagnostics;
using System.Text.RegularExpressions;
using Suite.Linux.Errors;
using static Tmds.Linux.LibC;

namespace Suite.Testing.Services;

/// <summary>One service as a user starts it: its own process, its log collected line by line.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    // In the virtual machine of tests/vm time counts five times.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("SUITE_VM_RUN") is null ? 15 : 75);

    private readonly Process _process;
    private readonly List<string> _log = [];

    private ServiceProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        process.OutputDataReceived += (_, e) => Add(e.Data);
        process.ErrorDataReceived += (_, e) => Add(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>runtime, image, network or registry.</summary>
    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written so far.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    /// <summary>The lines written at error level or above, and what a crash of .NET prints.</summary>
    public IEnumerable<string> Errors => Log.Where(line => ErrorLine().IsMatch(line));

    public static ServiceProcess Start(
        string name, string executable, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;
        var process = Process.Start(start) ?? throw new SuiteException(ErrorKind.Internal, $"start {executable}: nothing was started");
        return new ServiceProcess(name, process);
    }

    /// <summary>Ends it as kill -9 does: no warning, nothing tidied.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Asks it to end and waits until it did; as <see cref="WaitAsync"/>.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
            _ = kill(_process.Id, SIGTERM);
        return await WaitAsync();
    }

    /// <summary>Waits until it has ended and its log is complete. Its exit code; one that goes on is killed, which is an error.</summary>
    public async Task<int> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            throw new SuiteException(ErrorKind.Internal, $"suite-{Name} did not end within {Patience.TotalSeconds} s and was killed");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null)
            return;
        lock (_log)
            _log.Add(line);
    }

    // "2026-01-31T12:00:00.000Z fail: Category[1] …"
    [GeneratedRegex(@"^(\S+Z )?(fail|crit): |^Unhandled exception|""LogLevel"":""(Error|Critical)""")]
    private static partial Regex ErrorLine();
}
