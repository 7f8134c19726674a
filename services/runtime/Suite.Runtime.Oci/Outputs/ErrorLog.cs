using System.Globalization;
using System.Text.Json;
using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Oci.Outputs;

/// <summary>
/// Where errors go: to standard error, and to the file of --log, in which containerd and podman read them, a line each, as JSON or as
/// logfmt.
/// </summary>
internal sealed class ErrorLog(string? path, bool json)
{
    private const uint Mode = 0b110_100_100;

    public void Write(string message)
    {
        Output.Error($"suite-oci: {message}");
        if (path is null)
            return;
        var log = Descriptor.TryOpen(path, O_WRONLY | O_CREAT | O_APPEND, Mode, out var error);
        if (log < 0)
        {
            Output.Error($"suite-oci: write to the log {path}: {Linux.Errors.ErrnoNames.Describe(error)}");
            return;
        }

        _ = Descriptor.TryWrite(log, Line(message));
        Descriptor.Close(log);
    }

    private string Line(string message)
    {
        var text = JsonEncodedText.Encode(message).ToString();
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return json
            ? $"{{\"level\":\"error\",\"msg\":\"{text}\",\"time\":\"{time}\"}}\n"
            : $"time=\"{time}\" level=error msg=\"{text}\"\n";
    }
}
