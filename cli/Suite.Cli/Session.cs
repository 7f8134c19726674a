using System.Text;
using Suite.Cli.Output;
using Suite.Linux.Errors;

namespace Suite.Cli;

/// <summary>What one call of the CLI works with: its streams, its environment, the time. Tests make their own.</summary>
internal sealed class Session : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public Session(StandardStreams streams, Func<string, string?> environment, TimeProvider time)
    {
        Streams = streams;
        Environment = environment;
        Time = time;
        // Synchronized: what goes on side by side, as services that stop, reports when it is done.
        Out = TextWriter.Synchronized(new StreamWriter(streams.Output, Utf8, leaveOpen: true));
        Error = TextWriter.Synchronized(new StreamWriter(streams.Error, Utf8, leaveOpen: true) { AutoFlush = true });
    }

    public StandardStreams Streams { get; }

    public Func<string, string?> Environment { get; }

    public TimeProvider Time { get; }

    /// <summary>Whether what is drawn for a person has colours (no-color.org).</summary>
    public bool HasColours => Environment("NO_COLOR") is not { Length: > 0 };

    /// <summary>Whether standard error leads to a person whose terminal can move its cursor.</summary>
    public bool CanRedraw => Streams.ErrorIsTerminal && Environment("TERM") != "dumb";

    /// <summary>Data: what a script reads.</summary>
    public TextWriter Out { get; }

    /// <summary>Everything else: errors, warnings, progress.</summary>
    public TextWriter Error { get; }

    /// <summary>Hands over what was written, for callers who have a failure to report already.</summary>
    public async Task TryFlushAsync()
    {
        try
        {
            await Out.FlushAsync();
        }
        catch (ErrnoException)
        {
            // Nobody can be told: standard output itself is what failed.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await TryFlushAsync();
        await Error.DisposeAsync();
    }
}
