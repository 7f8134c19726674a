using System.Diagnostics;
using System.Globalization;
using System.Text;
using Suite.Linux.Processes;
using Suite.Testing.Files;

namespace Suite.E2e.Tests.Cli;

/// <summary>A program in a pseudo-terminal, which script(1) provides: a test types and reads as a person does.</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    private const string Prompt = "host> ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private readonly Task _reading;
    private int _expected;

    private PseudoTerminal(Process process)
    {
        _process = process;
        _reading = Task.Run(ReadAsync);
    }

    /// <param name="run">Folder of the sockets of the services.</param>
    /// <param name="command">For sh(1).</param>
    public static PseudoTerminal Start(string run, string command, IReadOnlyDictionary<string, string>? environment = null)
    {
        // -f: write at once; the typescript itself goes nowhere.
        var start = new ProcessStartInfo("script", ["-q", "-e", "-f", "-c", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["SUITE_RUN"] = run;
        start.Environment["TERM"] = "xterm";
        start.Environment["PATH"] = $"{TestPaths.Bin}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new PseudoTerminal(Process.Start(start)!);
    }

    /// <summary>All that was on the screen.</summary>
    public string Seen
    {
        get
        {
            lock (_seen)
                return _seen.ToString();
        }
    }

    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until a text appears behind the last one that was waited for.</summary>
    /// <returns>What stood between the two.</returns>
    public async Task<string> ExpectAsync(string text)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            var ended = _reading.IsCompleted;
            var seen = Seen;
            if (seen.IndexOf(text, _expected, StringComparison.Ordinal) is >= 0 and var at)
            {
                var between = seen[_expected..at];
                _expected = at + text.Length;
                return between;
            }

            if (ended || limit.IsCancellationRequested)
                Assert.Fail($"\"{text}\" {(ended ? "did not come before the end" : "did not come")}; behind what was expected there is:\n{seen[_expected..]}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Gives the shell in the terminal a prompt that no container has.</summary>
    public Task NameAsync() => SayAsync($"PS1='{Prompt}'");

    /// <summary>Leaves a container by keys, and waits for the shell: what is typed before it listens again belongs to nobody.</summary>
    public async Task LeaveAsync(string keys = "\u0010\u0011")
    {
        await TypeAsync(keys);
        // On a line of its own, wherever the container's prompt stood.
        Assert.EndsWith("\n", await ExpectAsync(Prompt));
    }

    /// <summary>Types a line, and returns what a shell said to it.</summary>
    public async Task<string> SayAsync(string line)
    {
        // The echo of what is typed has the quotes, the answer has not.
        await TypeAsync($"{line}; echo \"<\"done\">\"\n");
        return await ExpectAsync("<done>");
    }

    /// <summary>Sends a signal to the program of this name that runs in the terminal.</summary>
    public void Signal(string program, int signal) => ProcessSignals.Send(Descendants(_process.Id).First(pid => NameOf(pid) == program), signal);

    public async Task<int> EndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await _process.WaitForExitAsync(limit.Token);
        await _reading.WaitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _process.Dispose();
    }

    private static List<int> Descendants(int pid)
    {
        var children = Process.GetProcesses().Where(p => ParentOf(p.Id) == pid).Select(p => p.Id).ToList();
        return [.. children, .. children.SelectMany(Descendants)];
    }

    // proc_pid_status(5); one that has ended meanwhile has none.
    private static int ParentOf(int pid)
    {
        try
        {
            return int.Parse(File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("PPid:", StringComparison.Ordinal))[5..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string NameOf(int pid) => File.ReadAllText($"/proc/{pid}/comm").TrimEnd('\n');

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_seen)
                _seen.Append(buffer, 0, count);
        }
    }
}
