using Suite.Linux.Errors;

namespace Suite.Runtime.Oci.CommandLines;

/// <summary>An error with an exit code of its own: 255 of exec, whose other codes are the program's.</summary>
internal sealed class ExitException(int code, SuiteException reason) : SuiteException(reason.Kind, reason.Message, reason)
{
    public int Code { get; } = code;
}
