using Suite.Linux.Native;

namespace Suite.Image.Graph.Compression;

/// <summary>
/// A gzip file of any number of members, inflated by ISA-L. What follows the last member and is no member is ignored, as gzip does.
/// The caller looks whether the library is there; without it .NET's GZipStream does the same at half the speed.
/// </summary>
internal sealed class IgzipStream(Stream compressed) : ReadOnlyStream
{
    private readonly Igzip _inflater = new();
    private bool _started;
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        while (!_ended && !buffer.IsEmpty)
        {
            if (_inflater.Left == 0 && _inflater.Fill(compressed) == 0)
            {
                if (_started && _inflater.AtMemberEnd) break;
                // Output may be waiting though no input is left.
                var rest = Inflate(buffer);
                return rest > 0 || _inflater.AtMemberEnd ? rest : throw new InvalidDataException("the gzip stream ends too early");
            }

            if (_started && _inflater.AtMemberEnd && !BeginMember()) break;
            _started = true;
            var left = _inflater.Left;
            var written = Inflate(buffer);
            if (written > 0) return written;
            if (_inflater.Left == left && !_inflater.AtMemberEnd) throw new InvalidDataException("the gzip stream is damaged");
        }

        _ended = true;
        return 0;
    }

    /// <summary>False when what follows is no member.</summary>
    private bool BeginMember()
    {
        if (_inflater.Left < 2) _inflater.Fill(compressed);
        if (!_inflater.Rest.StartsWith(Decompression.GzipMagic)) return false;
        _inflater.NextMember();
        return true;
    }

    private int Inflate(Span<byte> buffer)
    {
        var written = _inflater.Inflate(buffer);
        return written >= 0
            ? written
            : throw new InvalidDataException(written == -6 ? "the gzip stream does not match its checksum" : $"the gzip stream is damaged ({written})");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inflater.Dispose();
        base.Dispose(disposing);
    }
}
