using System.Diagnostics;
using Suite.Testing.Files;

namespace Suite.E2e.Tests.Cli;

/// <summary>`suite` as a person calls it: the published executable, its streams and its exit code.</summary>
internal sealed class CliProcess(string run, IReadOnlyDictionary<string, string>? environment = null)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public Task<CliResult> RunAsync(params string[] args) => RunWithInputAsync("", args);

    public async Task<CliResult> RunWithInputAsync(string input, params string[] args)
    {
        using var process = Start(args);
        // Read from the start: a program that is not read stops reading, too.
        var end = EndOfAsync(process);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await end;
    }

    /// <summary>A call that a test does something with while it goes on; the test disposes it.</summary>
    public Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(TestPaths.Executable("suite"), args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SUITE_RUN"] = run;
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;
        return Process.Start(start)!;
    }

    public static async Task<CliResult> EndOfAsync(Process process)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CliResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}

internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>What it printed as data, after it went well.</summary>
    public string Good
    {
        get
        {
            Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
            return Output.TrimEnd('\n');
        }
    }
}
