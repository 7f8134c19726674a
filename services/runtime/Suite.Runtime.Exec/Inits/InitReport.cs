using Suite.Linux.Errors;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>How a start failed, as one message from the init to the shim. No message and a closed socket is success.</summary>
internal readonly record struct InitReport(ErrorKind Kind, int ExitCode, string Message)
{
    /// <summary>Bytes of the longest report. A longer message would be cut by the socket and read as its end, which is success.</summary>
    public const int MaxSize = 8192;

    // A character is three bytes of UTF-8 at most; the rest is room for the numbers.
    private const int MaxText = (MaxSize - 64) / 3;

    /// <returns>The code to exit with.</returns>
    public static unsafe int Send(InitContext context, Step? step, SuiteException failure)
    {
        var exitCode = step is Execute or AwaitStart ? ExitCodeOf(failure.Kind) : 128;
        // A file that a mount or a lookup misses must not look like a missing command.
        var kind = step is not (Execute or AwaitStart) && failure.Kind is ErrorKind.NotFound or ErrorKind.PermissionDenied ? ErrorKind.FailedPrecondition : failure.Kind;
        var report = Compose(kind, exitCode, step is Execute or AwaitStart ? failure.Message : $"{step?.ToString() ?? "prepare the process"}: {failure.Message}");
        fixed (byte* data = report)
        {
            // The signals may have been set back already, and nobody may listen any more: no SIGPIPE.
            _ = context.Left ? write(context.Leave!.Complaint, data, report.Length) : send(context.Report, data, report.Length, MSG_NOSIGNAL);
        }

        return exitCode;
    }

    /// <summary>From a child that makes something for the pod rather than a container.</summary>
    public static unsafe void Send(int socket, SuiteException failure)
    {
        var report = Compose(failure.Kind, 128, failure.Message);
        fixed (byte* data = report)
            _ = send(socket, data, report.Length, MSG_NOSIGNAL);
    }

    private static ReadOnlySpan<byte> Compose(ErrorKind kind, int exitCode, string text)
    {
        var writer = new WireWriter();
        writer.Byte((byte)kind);
        writer.Int(exitCode);
        writer.String(Shorten(text));
        return writer.Written;
    }

    public static InitReport Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        return new InitReport((ErrorKind)reader.Byte(), reader.Int(), reader.String());
    }

    /// <summary>Leaves out the middle: a text begins with what was done, an overlay of many layers say, and ends with why it failed.</summary>
    internal static string Shorten(string text) =>
        text.Length <= MaxText ? text : $"{text[..(MaxText / 2 - 1)]}…{text[^(MaxText / 2 - 1)..]}";

    private static int ExitCodeOf(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => 127,
        ErrorKind.PermissionDenied => 126,
        _ => 128,
    };
}
