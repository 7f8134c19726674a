using System.Buffers;

namespace Suite.Runtime.Logs;

/// <summary>Reads the entries of a log file in order, and picks up later where the file has grown.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _unfinished = new();
    private readonly byte[] _buffer = new byte[32 << 10];

    private LogFile(FileStream file) => _file = file;

    /// <summary>Null: there is no log yet.</summary>
    public static LogFile? Open(string path)
    {
        try
        {
            return new LogFile(new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 }));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The next entries; empty at the present end of the file.</summary>
    public async ValueTask<IReadOnlyList<LogLine>> ReadAsync(CancellationToken cancellationToken)
    {
        var lines = new List<LogLine>();
        while (lines.Count == 0)
        {
            var read = await _file.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;
            Split(_buffer.AsSpan(0, read), lines);
        }
        return lines;
    }

    /// <summary>Goes to where the last lines of the file begin, or to its beginning when it has fewer.</summary>
    public void SeekToTail(uint lines)
    {
        // The last line break ends the last line: the wanted ones begin after the one before them.
        long left = lines + 1L;
        for (var position = _file.Length; position > 0;)
        {
            var size = (int)Math.Min(position, _buffer.Length);
            position -= size;
            _file.Position = position;
            _file.ReadExactly(_buffer, 0, size);
            for (var end = size; (end = _buffer.AsSpan(0, end).LastIndexOf((byte)'\n')) >= 0;)
            {
                if (--left == 0)
                {
                    _file.Position = position + end + 1;
                    return;
                }
            }
        }
        _file.Position = 0;
    }

    public void Dispose() => _file.Dispose();

    private void Split(ReadOnlySpan<byte> read, List<LogLine> lines)
    {
        while (read.IndexOf((byte)'\n') is var end and >= 0)
        {
            var line = read[..end];
            if (_unfinished.WrittenCount > 0)
            {
                _unfinished.Write(line);
                line = _unfinished.WrittenSpan;
            }
            if (LogLine.Parse(line) is { } entry)
                lines.Add(entry);
            _unfinished.ResetWrittenCount();
            read = read[(end + 1)..];
        }
        _unfinished.Write(read);
    }
}
