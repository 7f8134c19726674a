using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Suite.Linux.Errors;

namespace Suite.Network.Plugins;

/// <summary>What one call of a plugin is told beside its settings (SPEC.md, section 2, parameters).</summary>
/// <param name="NamespacePath">Empty when it is gone.</param>
/// <param name="Arguments">CNI_ARGS: KEY=VALUE, joined by semicolons.</param>
internal sealed record PluginCall(string Command, string Container = "", string NamespacePath = "", string Interface = "", string Arguments = "");

/// <summary>
/// Runs a plugin's executable: settings in by its standard input, the result out by its standard output. It is somebody else's
/// program: what it may print is bounded, and so is the time that it has; then it is ended with all that it started.
/// </summary>
internal sealed class PluginProcess(NetworkOptions options)
{
    private const int MostOutput = 1 << 20;
    private const int MostErrors = 16 << 10;
    private const int TextFileBusy = 26;
    private const int BusyAttempts = 10;
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>The first of the configured folders that has it; null when none does.</summary>
    public string? Find(string type) =>
        options.CniBinDirectoriesOrDefault.Select(folder => Path.Combine(folder, type)).FirstOrDefault(File.Exists);

    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string type, PluginCall call, string settings, TimeSpan limit, CancellationToken cancellationToken)
    {
        string what = $"CNI plugin {type}, {call.Command}";
        string file = Find(type) ?? throw new SuiteException(
            ErrorKind.FailedPrecondition, $"{what}: there is no {type} in {string.Join(" or ", options.CniBinDirectoriesOrDefault)}: install the plugin, or remove the list that names it");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        using var process = await StartAsync(file, what, call, patience.Token);
        try
        {
            var output = ReadAsync(process.StandardOutput.BaseStream, MostOutput, patience.Token);
            var errors = ReadAsync(process.StandardError.BaseStream, MostErrors, patience.Token);
            await WriteAsync(process, settings, patience.Token);
            await process.WaitForExitAsync(patience.Token);
            // A daemon that it left behind may hold the pipes open for ever: what the plugin itself said is there by now.
            patience.CancelAfter(LastWords);
            return process.ExitCode == 0 ? Text(await output, what) : throw PluginFailure.Of(what, process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SuiteException(ErrorKind.DeadlineExceeded, $"{what}: it did not end within {limit.TotalSeconds} s and was killed");
        }
        finally
        {
            Kill(process);
        }
    }

    private async Task<Process> StartAsync(string file, string what, PluginCall call, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CNI_COMMAND"] = call.Command;
        start.Environment["CNI_CONTAINERID"] = call.Container;
        start.Environment["CNI_NETNS"] = call.NamespacePath;
        start.Environment["CNI_IFNAME"] = call.Interface;
        start.Environment["CNI_ARGS"] = call.Arguments;
        start.Environment["CNI_PATH"] = string.Join(':', options.CniBinDirectoriesOrDefault);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
        {
            start.Environment["TRACEPARENT"] = trace;
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception e) when (e.NativeErrorCode == TextFileBusy && attempt < BusyAttempts)
            {
                // It is being installed at this moment.
                await Task.Delay(BusyPause, cancellationToken);
            }
            catch (Win32Exception e)
            {
                throw new SuiteException(ErrorKind.FailedPrecondition, $"{what}: {file} cannot be run: {e.Message}", e);
            }
        }
    }

    private static async Task WriteAsync(Process process, string settings, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(settings), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not read to the end; what it says about that counts.
        }
    }

    /// <summary>Reads to the end. What is past the limit is read too, for a plugin that cannot write would never end, and marked by one byte more.</summary>
    private static async Task<byte[]> ReadAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var kept = new MemoryStream();
        var buffer = new byte[8 << 10];
        try
        {
            int length;
            while ((length = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                kept.Write(buffer, 0, (int)Math.Min(length, most + 1 - kept.Length));
            }
        }
        catch (OperationCanceledException)
        {
            // The plugin's end was seen, or its time is over; whoever waits for it knows which.
        }

        return kept.ToArray();
    }

    private static string Text(byte[] output, string what) => output.Length <= MostOutput
        ? Encoding.UTF8.GetString(output)
        : throw new SuiteException(ErrorKind.Unavailable, $"{what}: it printed more than {MostOutput} bytes, which no result is");

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // It has ended meanwhile.
        }
    }
}
