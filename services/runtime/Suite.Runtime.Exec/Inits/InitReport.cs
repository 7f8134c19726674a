using Suite.Linux.Errors;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>How a start failed, as one message from the init to the shim. No message and a closed socket is success.</summary>
internal readonly record struct InitReport(ErrorKind Kind, int ExitCode, string Message)
{
    public static unsafe void Send(int socket, Step? step, SuiteException failure)
    {
        var exitCode = step is Execute ? ExitCodeOf(failure.Kind) : 128;
        // A file that a mount or a lookup misses must not look like a missing command.
        var kind = step is not Execute && failure.Kind is ErrorKind.NotFound or ErrorKind.PermissionDenied && exitCode == 128 ? ErrorKind.FailedPrecondition : failure.Kind;
        var writer = new WireWriter();
        writer.Byte((byte)kind);
        writer.Int(exitCode);
        writer.String(step is Execute ? failure.Message : $"{step?.ToString() ?? "prepare the process"}: {failure.Message}");
        fixed (byte* data = writer.Written)
            _ = write(socket, data, writer.Written.Length);
    }

    public static InitReport Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        return new InitReport((ErrorKind)reader.Byte(), reader.Int(), reader.String());
    }

    private static int ExitCodeOf(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => 127,
        ErrorKind.PermissionDenied => 126,
        _ => 128,
    };
}
