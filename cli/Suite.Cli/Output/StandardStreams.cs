using Microsoft.Win32.SafeHandles;
using Suite.Linux.Handles;
using Suite.Linux.Terminals;

namespace Suite.Cli.Output;

/// <summary>The three standard streams as bytes, and which of them lead to a person.</summary>
internal sealed record StandardStreams(
    Stream Input, Stream Output, Stream Error, bool InputIsTerminal = false, bool OutputIsTerminal = false, bool ErrorIsTerminal = false)
{
    /// <summary>Width for tables: the terminal's, or unlimited where a program reads.</summary>
    public int Columns => OutputIsTerminal ? TerminalSize.Of(1)?.Columns ?? 80 : int.MaxValue;

    public static StandardStreams OfProcess() => new(
        // Console's own stream edits lines when it reads from a terminal; a container's shell does that itself.
        new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0),
        new StandardOutput(1),
        new StandardOutput(2),
        !Console.IsInputRedirected,
        !Console.IsOutputRedirected,
        !Console.IsErrorRedirected);
}
