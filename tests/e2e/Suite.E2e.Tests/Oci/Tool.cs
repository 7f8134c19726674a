using System.Diagnostics;

namespace Suite.E2e.Tests.Oci;

/// <summary>Somebody else's program, with arguments that every call has.</summary>
internal sealed record Tool(string Program, IReadOnlyList<string> Always)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Its exit code and all it wrote, without the last line's end.</summary>
    public (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, [.. Always, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        Assert.True(process.WaitForExit(Limit), $"{Program} {string.Join(' ', arguments)} did not end");
        return (process.ExitCode, output.Result.TrimEnd(), error.Result.TrimEnd());
    }

    public string Ok(params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.True(code == 0, $"{Program} {string.Join(' ', arguments)}: {code}: {error}");
        return output;
    }
}
