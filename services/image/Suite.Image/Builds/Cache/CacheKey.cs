using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Suite.Image.Records;
using Suite.Oci.References;

namespace Suite.Image.Builds.Cache;

/// <summary>
/// Everything that a step's result depends on, as one digest. Each part is written with its length, so that no two lists of parts are the
/// same bytes.
/// </summary>
internal sealed class CacheKey
{
    /// <summary>To be raised when a step of the same key may have another result.</summary>
    private const string Version = "1";

    private readonly ArrayBufferWriter<byte> _parts = new();

    /// <param name="kind">Of step.</param>
    public CacheKey(string kind) => Add(Version).Add(kind);

    public CacheKey Add(string part)
    {
        var length = Encoding.UTF8.GetByteCount(part);
        var span = _parts.GetSpan(8 + length);
        BinaryPrimitives.WriteInt64LittleEndian(span, length);
        Encoding.UTF8.GetBytes(part, span[8..]);
        _parts.Advance(8 + length);
        return this;
    }

    public CacheKey Add(uint part) => Add(part.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public CacheKey Add(IReadOnlyCollection<string> parts)
    {
        Add((uint)parts.Count);
        foreach (var part in parts) Add(part);
        return this;
    }

    /// <summary>The file system that a step starts from: the content of its layers, whatever made them.</summary>
    public CacheKey Add(IReadOnlyCollection<LayerRecord> layers) => Add([.. layers.Select(l => l.DiffId.ToString())]);

    public Digest Finish() => Digest.Compute(_parts.WrittenSpan);
}
