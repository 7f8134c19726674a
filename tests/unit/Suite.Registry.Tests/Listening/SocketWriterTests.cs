using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Registry.Listening;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Listening;

public sealed class SocketWriterTests : IDisposable
{
    private const int FileSize = 5_000_000;

    // More than the kernel keeps for a socket.
    private const int TooMuch = 32 << 20;

    private readonly BlockPool _pool = new();
    private readonly TempFolder _folder = new("registry");
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(FileSize);
    private readonly SafeFileHandle _file;
    private readonly Socket _server;
    private readonly Socket _client;
    private readonly SocketWriter _writer;

    public SocketWriterTests()
    {
        var path = _folder.Path("blob");
        File.WriteAllBytes(path, _content);
        _file = File.OpenHandle(path);
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
        _client.Connect(listener.LocalEndPoint!);
        _server = listener.Accept();
        _server.Blocking = false; // as Kestrel's is, from the first asynchronous call on
        _writer = new SocketWriter(_server, _pool);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
        _file.Dispose();
        _folder.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public async Task Memory_and_parts_of_files_arrive_in_their_order_at_a_reader_who_is_slow()
    {
        using var wanted = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        long total = 0;
        var received = ReceiveAsync();
        for (var i = 0; i < 60; i++)
        {
            if (random.Next(2) == 0)
            {
                var bytes = RandomNumberGenerator.GetBytes(random.Next(100_000));
                _writer.Write(bytes);
                wanted.AppendData(bytes);
                total += bytes.Length;
            }
            else
            {
                var position = random.Next(FileSize - 1);
                var length = random.Next(1, Math.Min(FileSize - position, 1_500_000));
                Assert.True(_writer.TryPut(_writer, _file, position, length));
                wanted.AppendData(_content.AsSpan(position, length));
                total += length;
            }

            if (random.Next(3) == 0)
                Assert.False((await _writer.FlushAsync(Cancellation)).IsCompleted);
        }

        await _writer.FlushAsync(Cancellation);
        Assert.Equal(0, _writer.UnflushedBytes);
        _server.Shutdown(SocketShutdown.Send);
        var (length2, digest) = await received;
        Assert.True((total, Convert.ToHexString(wanted.GetHashAndReset())) == (length2, digest), $"seed {seed}: {length2} bytes of {total} arrived");
    }

    [Fact]
    public async Task A_body_with_memory_of_its_own_is_left_alone()
    {
        var elsewhere = PipeWriter.Create(new MemoryStream());
        Assert.False(_writer.TryPut(elsewhere, _file, 0, 1000));
        Assert.Equal(0, elsewhere.UnflushedBytes);
        // The part that was offered and not taken does not come up later.
        _writer.Write("after"u8);
        await _writer.FlushAsync(Cancellation);
        var buffer = new byte[100];
        Assert.Equal(5, await _client.ReceiveAsync(buffer, Cancellation));
    }

    [Fact]
    public async Task As_much_memory_as_is_asked_for_is_there_and_none_of_it_stays()
    {
        Assert.True(_writer.GetMemory(10).Length >= 10);
        Assert.True(_writer.GetMemory(100_000).Length >= 100_000);
        Assert.True(_writer.GetSpan(200_000).Length >= 200_000);
        Assert.Equal(0, _pool.Rented);
        _content.AsSpan(0, 150_000).CopyTo(_writer.GetSpan(150_000));
        _writer.Advance(150_000);
        _writer.Write("after it"u8);
        Assert.Equal(150_008, _writer.UnflushedBytes);
        var received = ReceiveAsync();
        await _writer.FlushAsync(Cancellation);
        Assert.Equal(0, _pool.Rented);
        _server.Shutdown(SocketShutdown.Send);
        Assert.Equal((150_008, Convert.ToHexString(SHA256.HashData([.. _content.AsSpan(0, 150_000), .. "after it"u8]))), await received);
    }

    [Fact]
    public void What_stands_for_a_part_of_a_file_cannot_be_touched()
    {
        using var part = new FilePart(_file, 0, 1000);
        var memory = ((MemoryManager<byte>)part).Memory;
        Assert.Equal(1000, memory.Length);
        Assert.Throws<SuiteException>(() => memory.Span[0] = 1);
    }

    [Fact]
    public async Task After_a_file_that_ends_too_early_nothing_is_sent_in_its_place()
    {
        Assert.True(_writer.TryPut(_writer, _file, FileSize - 10, 20));
        Assert.False((await _writer.FlushAsync(Cancellation)).IsCompleted);
        Assert.Equal($"the file ends at byte {FileSize}", _writer.Unreadable?.Message);
        _writer.Write("in the place of what is missing"u8);
        await _writer.FlushAsync(Cancellation);
        _server.Dispose();
        Assert.Equal((10, Convert.ToHexString(SHA256.HashData(_content.AsSpan(FileSize - 10)))), await ReceiveAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_who_leaves_ends_the_flush_that_waits_for_him(bool file)
    {
        var flush = BeginTooMuch(file);
        Assert.False(flush.IsCompleted);
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
        Assert.True((await flush.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).IsCompleted);
        Assert.Null(_writer.Unreadable);
        _writer.Write("nobody gets this"u8);
        Assert.True((await _writer.FlushAsync(Cancellation)).IsCompleted);
        Assert.Equal(0, _pool.Rented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_is_ended_keeps_its_blocks_until_the_kernel_has_let_go_of_them(bool file)
    {
        var flush = BeginTooMuch(file);
        Assert.False(flush.IsCompleted);
        _writer.Complete();
        Assert.True(_pool.Rented > 0);
        _server.Dispose();
        Assert.True((await flush.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).IsCompleted);
        Assert.Equal(0, _pool.Rented);
    }

    private Task<FlushResult> BeginTooMuch(bool file)
    {
        for (var put = 0; put < TooMuch; put += FileSize)
        {
            if (file)
                Assert.True(_writer.TryPut(_writer, _file, 0, FileSize));
            else
                _writer.Write(_content);
        }

        return _writer.FlushAsync(Cancellation).AsTask();
    }

    private async Task<(long Length, string Digest)> ReceiveAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[50_000];
        long length = 0;
        for (var i = 0; ; i++)
        {
            // Now and then long enough for the socket to fill.
            if (i % 100 == 0)
                await Task.Delay(20, Cancellation);
            var read = await _client.ReceiveAsync(buffer, Cancellation);
            if (read == 0)
                return (length, Convert.ToHexString(hash.GetHashAndReset()));
            hash.AppendData(buffer, 0, read);
            length += read;
        }
    }
}
