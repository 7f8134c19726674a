using System.ComponentModel;
using System.Diagnostics;
using Suite.Runtime.Exec.Bundles;

namespace Suite.Runtime.Handlers;

/// <summary>Runs "features" of another runtime. One that does not know the command, as crun before 1.9, says nothing by that.</summary>
internal sealed partial class AskFeatures(TimeProvider time, ILogger<AskFeatures> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HandlerFeatures> AskAsync(OciRuntime runtime)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime.Path, [.. runtime.Options, "features"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Patience, time);
            try
            {
                using var answer = new MemoryStream();
                var complaint = process.StandardError.ReadToEndAsync(patience.Token);
                await process.StandardOutput.BaseStream.CopyToAsync(answer, patience.Token).ConfigureAwait(false);
                await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
                if (process.ExitCode == 0)
                    return HandlerFeatures.Parse(answer.GetBuffer().AsMemory(0, (int)answer.Length));
                SaysNothing(runtime.Path, (await complaint.ConfigureAwait(false)).Trim());
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                SaysNothing(runtime.Path, $"it took more than {Patience.TotalSeconds:0} s");
            }
        }
        catch (Win32Exception failure)
        {
            SaysNothing(runtime.Path, failure.Message);
        }
        return HandlerFeatures.None;
    }

    [LoggerMessage(LogLevel.Information, "{Path} does not say what it can do, so user namespaces and recursive read-only mounts are refused with it: {Reason}")]
    private partial void SaysNothing(string path, string reason);
}
