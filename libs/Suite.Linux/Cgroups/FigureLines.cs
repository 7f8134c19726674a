using System.Buffers.Text;

namespace Suite.Linux.Cgroups;

/// <summary>Walks over a file of lines <c>name number</c> (memory.stat, cpu.stat, memory.events).</summary>
public ref struct FigureLines
{
    private ReadOnlySpan<byte> _rest;

    public FigureLines(ReadOnlySpan<byte> text) => _rest = text;

    /// <summary>Of the line that <see cref="Next"/> went to.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    public ulong Value { get; private set; }

    /// <summary>Goes to the next line that is of this form; others are passed over.</summary>
    public bool Next()
    {
        while (!_rest.IsEmpty)
        {
            var end = _rest.IndexOf((byte)'\n');
            var line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            var space = line.IndexOf((byte)' ');
            if (space <= 0 || !Utf8Parser.TryParse(line[(space + 1)..], out ulong value, out var length) || length + space + 1 != line.Length)
                continue;
            Name = line[..space];
            Value = value;
            return true;
        }
        return false;
    }
}
