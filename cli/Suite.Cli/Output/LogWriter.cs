using System.Text;
using Suite.Container.V1;
using Stream = Suite.Container.V1.Stream;

namespace Suite.Cli.Output;

/// <summary>Writes log entries to the streams they came from, each line with its time where asked for.</summary>
internal sealed class LogWriter(StandardStreams streams, bool timestamps)
{
    // A line longer than the log's limit comes in parts, and the streams alternate: a time belongs to the first part only.
    private readonly bool[] _inLine = new bool[2];

    public async Task WriteAsync(IEnumerable<LogEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            var index = entry.Stream == Stream.Stderr ? 1 : 0;
            var target = index == 1 ? streams.Error : streams.Output;
            if (timestamps && !_inLine[index])
                await target.WriteAsync(Encoding.ASCII.GetBytes(Timestamps.Rfc3339(entry.Timestamp) + " "), cancellationToken);
            await target.WriteAsync(entry.Line.Memory, cancellationToken);
            _inLine[index] = entry.Line.Length > 0 && entry.Line[^1] != '\n';
        }

        await streams.Output.FlushAsync(cancellationToken);
        await streams.Error.FlushAsync(cancellationToken);
    }
}
