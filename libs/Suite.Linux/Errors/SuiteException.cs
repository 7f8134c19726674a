namespace Suite.Linux.Errors;

/// <summary>
/// The one exception that Suite throws on purpose. Its message is a sentence for the reader: what was attempted, on what,
/// why it failed, and what to do where that is known. The kind decides the gRPC status and the CLI's exit code.
/// </summary>
public class SuiteException : Exception
{
    public SuiteException(ErrorKind kind, string message, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
    }

    public ErrorKind Kind { get; }
}
