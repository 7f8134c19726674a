namespace Suite.Runtime.Shim.Streams;

/// <summary>Cuts a stream of bytes into the lines of a log.</summary>
internal sealed class LineSplitter
{
    private readonly LogFile _log;
    private readonly bool _error;
    private byte[] _pending = [];
    private int _length;

    public LineSplitter(LogFile log, bool error)
    {
        _log = log;
        _error = error;
    }

    public void Add(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var room = LogFile.MaxText - _length;
            var end = data.IndexOf((byte)'\n');
            if (end >= 0 && end <= room)
            {
                Emit(data[..end], full: true);
                data = data[(end + 1)..];
            }
            else if (data.Length >= room)
            {
                Emit(data[..room], full: false);
                data = data[room..];
            }
            else
            {
                Keep(data);
                return;
            }
        }

        // Nothing is half done: the memory of the longest line so far is not kept for an idle container.
        if (_length == 0 && _pending.Length > 1024)
            _pending = [];
    }

    /// <summary>Text without its newline at the end of a stream is partial: a reader that joins the parts has every byte.</summary>
    public void End()
    {
        if (_length > 0)
            Emit([], full: false);
    }

    private void Emit(ReadOnlySpan<byte> rest, bool full)
    {
        if (_length == 0)
        {
            _log.Write(_error, rest, full);
            return;
        }

        Keep(rest);
        _log.Write(_error, _pending.AsSpan(0, _length), full);
        _length = 0;
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (_length + data.Length > _pending.Length)
            Array.Resize(ref _pending, Math.Min(LogFile.MaxText, Math.Max(_length + data.Length, _pending.Length * 2)));
        data.CopyTo(_pending.AsSpan(_length));
        _length += data.Length;
    }
}
