using Suite.Linux.Errors;

namespace Suite.Runtime.Exec.Shims;

/// <summary>
/// A container or process could not be started. NotFound with exit code 127: the command does not exist; PermissionDenied with
/// 126: it cannot be executed; any other kind with 128: a step before it failed, which the message names.
/// </summary>
public sealed class StartFailedException : SuiteException
{
    public StartFailedException(ErrorKind kind, string message, int exitCode)
        : base(kind, message)
    {
        ExitCode = exitCode;
    }

    public int ExitCode { get; }
}
