using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Suite.Cli.Archives;
using Suite.Linux.Errors;

namespace Suite.Cli.Contexts;

/// <summary>A context that comes as a tar archive, plain or compressed with gzip.</summary>
internal static class ContextArchive
{
    private const int Block = 512;
    private const int LongestDockerfile = 1 << 20;

    /// <returns>What came, when it is no archive and so a Dockerfile.</returns>
    public static async Task<byte[]?> TryUnpackAsync(Stream input, string folder, CancellationToken cancellationToken)
    {
        var head = new byte[Block];
        var length = await input.ReadAtLeastAsync(head, Block, throwOnEndOfStream: false, cancellationToken);
        if (head is [0x42, 0x5A, 0x68, ..] or [0xFD, 0x37, 0x7A, 0x58, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..])
            throw new SuiteException(ErrorKind.Unsupported, "the context is compressed with bzip2, xz or zstd: send it plain, or with gzip");
        var whole = new HeadFirst(head.AsMemory(0, length), input);
        var isPacked = head is [0x1F, 0x8B, ..];
        if (!isPacked && !(length == Block && IsHeader(head)))
            return await ReadDockerfileAsync(whole, cancellationToken);
        try
        {
            await using var plain = isPacked ? new GZipStream(whole, CompressionMode.Decompress) : (Stream)whole;
            await using var tar = new TarReader(plain);
            var unpacking = new LocalUnpacking(folder);
            while (await tar.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
            {
                if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
                    continue;
                // Each entry's first name gives way to the folder.
                entry.Name = "context/" + entry.Name;
                await unpacking.TakeAsync(entry, cancellationToken);
            }

            return null;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"the context is no whole archive: {e.Message}", e);
        }
    }

    private static async Task<byte[]> ReadDockerfileAsync(Stream stream, CancellationToken cancellationToken)
    {
        var content = new byte[LongestDockerfile + 1];
        var length = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= LongestDockerfile
            ? content[..length]
            : throw new SuiteException(ErrorKind.InvalidArgument, "the context is neither an archive nor a Dockerfile, which has 1 MiB at most");
    }

    /// <summary>By the sum that each header has over itself (pax(1)): older archives have no other mark.</summary>
    private static bool IsHeader(byte[] block)
    {
        var field = Encoding.ASCII.GetString(block, 148, 8).Trim('\0', ' ');
        if (field.Length is 0 or > 7 || field.Any(c => c is < '0' or > '7'))
            return false;
        var sum = 8 * ' ' + block.AsSpan(0, 148).ToArray().Sum(b => b) + block.AsSpan(156).ToArray().Sum(b => b);
        return Convert.ToInt32(field, 8) == sum;
    }

    /// <summary>What was read already, and the rest.</summary>
    private sealed class HeadFirst(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _head.IsEmpty ? await rest.ReadAsync(buffer, cancellationToken) : TakeHead(buffer.Span);

        public override int Read(Span<byte> buffer) => _head.IsEmpty ? rest.Read(buffer) : TakeHead(buffer);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int TakeHead(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _head.Length);
            _head.Span[..count].CopyTo(buffer);
            _head = _head[count..];
            return count;
        }
    }
}
