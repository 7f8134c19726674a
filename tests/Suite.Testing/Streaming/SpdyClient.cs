using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Suite.Testing.Streaming;

/// <summary>
/// The client's side of SPDY/3.1 as kubelet and crictl speak it, written from the specification and without a line of the
/// server's: its headers are zlib's stored blocks, which need no compressor.
/// </summary>
public sealed class SpdyClient : IAsyncDisposable
{
    private readonly Stream _transport;
    private readonly ConcurrentDictionary<uint, Received> _streams = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Task _reading;
    private Task _held = Task.CompletedTask;
    private bool _headerSent;
    private uint _next = 1;

    private SpdyClient(Stream transport, string protocol)
    {
        _transport = transport;
        Protocol = protocol;
        _reading = ReadAllAsync();
    }

    /// <summary>The one that the server chose.</summary>
    public string Protocol { get; }

    /// <summary>Ids of the pings that came back.</summary>
    public ConcurrentQueue<uint> Pongs { get; } = new();

    /// <summary>Status of the GOAWAY, once there was one.</summary>
    public uint? GoneAway { get; private set; }

    /// <summary>Completes when the server has closed the connection.</summary>
    public Task Closed => _reading;

    /// <summary>Over a connection that is upgraded already.</summary>
    public static SpdyClient Over(Stream transport) => new(transport, "");

    public static async Task<SpdyClient> ConnectAsync(string url, params string[] protocols)
    {
        var (transport, head) = await UpgradeAsync(url, protocols);
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        var chosen = head.Split("\r\n").First(line => line.StartsWith("X-Stream-Protocol-Version:", StringComparison.OrdinalIgnoreCase));
        return new SpdyClient(transport, chosen.Split(':')[1].Trim());
    }

    /// <summary>Asks for the upgrade and returns what the server answered, up to the empty line.</summary>
    public static async Task<(Stream Transport, string Head)> UpgradeAsync(string url, params string[] protocols)
    {
        var uri = new Uri(url);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(uri.Host, uri.Port, TestContext.Current.CancellationToken);
        Stream transport = new NetworkStream(socket, ownsSocket: true);
        if (uri.Scheme == Uri.UriSchemeHttps)
        {
            // As kubelet does with a runtime on its own machine: whose certificate it is the test looks at.
            var secure = new SslStream(transport, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=suite-tests");
            await secure.AuthenticateAsClientAsync(uri.Host);
            transport = secure;
        }

        var versions = string.Concat(protocols.Select(name => $"X-Stream-Protocol-Version: {name}\r\n"));
        await transport.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {uri.PathAndQuery} HTTP/1.1\r\nHost: {uri.Authority}\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n{versions}Content-Length: 0\r\n\r\n"), TestContext.Current.CancellationToken);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await transport.ReadAsync(one, TestContext.Current.CancellationToken) > 0)
            head.Append((char)one[0]);
        return (transport, head.ToString());
    }

    /// <summary>SYN_STREAM; returns once the server has replied. Throws IOException when it refuses.</summary>
    public async Task<uint> OpenAsync(params (string Name, string Value)[] headers)
    {
        var id = _next;
        _next += 2;
        var received = _streams[id] = new Received();
        var body = new MemoryStream();
        Write(body, id);
        Write(body, 0);
        body.Write([0, 0]);
        body.Write(Block(headers));
        await SendControlAsync(1, body.ToArray());
        await received.Replied.Task.WaitAsync(TestContext.Current.CancellationToken);
        return id;
    }

    /// <summary>From now on nothing is read until <paramref name="released"/>: what the server sends fills the socket.</summary>
    public void HoldReading(Task released) => _held = released;

    public Task<uint> OpenAsync(string type) => OpenAsync(("streamtype", type));

    public async Task SendAsync(uint stream, ReadOnlyMemory<byte> data, bool fin = false)
    {
        var frame = new byte[8 + data.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, stream);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (fin ? 0x0100_0000u : 0) | (uint)data.Length);
        data.CopyTo(frame.AsMemory(8));
        await SendAsync(frame);
    }

    public Task SendAsync(uint stream, string text, bool fin = false) => SendAsync(stream, Encoding.UTF8.GetBytes(text), fin);

    public Task PingAsync(uint id)
    {
        var body = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(body, id);
        return SendControlAsync(6, body);
    }

    public Task SendControlAsync(ushort kind, byte[] body)
    {
        var frame = new byte[8 + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, 0x8003);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), kind);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)body.Length);
        body.CopyTo(frame, 8);
        return SendAsync(frame);
    }

    /// <summary>All that came on a stream, when the server has ended it.</summary>
    public async Task<string> ReadToEndAsync(uint stream)
    {
        await _streams[stream].Ended.Task.WaitAsync(TestContext.Current.CancellationToken);
        return _streams[stream].Text;
    }

    public string ReadSoFar(uint stream) => _streams[stream].Text;

    /// <summary>Waits until a stream has said something that contains <paramref name="text"/>.</summary>
    public async Task ReadUntilAsync(uint stream, string text)
    {
        while (!_streams[stream].Text.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_reading.IsCompleted, $"the server closed; it had said: {_streams[stream].Text}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        await _reading;
        _turn.Dispose();
    }

    private async Task SendAsync(byte[] frame)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _transport.WriteAsync(frame, TestContext.Current.CancellationToken);
            await _transport.FlushAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A name/value block in a stored block of deflate (RFC 1951, 3.2.4); the first one behind zlib's header with the dictionary's checksum.</summary>
    private byte[] Block((string Name, string Value)[] headers)
    {
        var pairs = new MemoryStream();
        Write(pairs, (uint)headers.Length);
        foreach (var word in headers.SelectMany(header => new[] { header.Name, header.Value }))
        {
            Write(pairs, (uint)word.Length);
            pairs.Write(Encoding.ASCII.GetBytes(word));
        }
        var block = new MemoryStream();
        if (!_headerSent)
            block.Write([0x78, 0xBB, 0xE3, 0xC6, 0xA7, 0xC2]);
        _headerSent = true;
        var length = (ushort)pairs.Length;
        block.Write([0, (byte)length, (byte)(length >> 8), (byte)~length, (byte)(~length >> 8)]);
        block.Write(pairs.ToArray());
        return block.ToArray();
    }

    private async Task ReadAllAsync()
    {
        var header = new byte[8];
        try
        {
            while (await _transport.ReadAtLeastAsync(header, 8, throwOnEndOfStream: false) == 8)
            {
                var (first, second) = (BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4)));
                var body = new byte[second & 0xFF_FFFF];
                await _transport.ReadExactlyAsync(body);
                await _held;
                Handle(first, (second >> 24 & 1) == 1, body);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or System.Net.WebSockets.WebSocketException)
        {
            // Closed, by either side.
        }
        foreach (var stream in _streams.Values)
            stream.End("the connection was closed");
    }

    private void Handle(uint first, bool fin, byte[] body)
    {
        if ((first & 0x8000_0000) == 0)
        {
            _streams[first].Add(body);
            if (fin)
                _streams[first].End(null);
            return;
        }
        var number = body.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(body) : 0;
        switch (first & 0xFFFF)
        {
            case 2:
                _streams[number].Replied.TrySetResult();
                break;
            case 3:
                _streams[number].End("the server reset the stream");
                break;
            case 6:
                Pongs.Enqueue(number);
                break;
            case 7:
                GoneAway = BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(4));
                break;
        }
    }

    private static void Write(MemoryStream to, uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        to.Write(bytes);
    }

    private sealed class Received
    {
        private readonly Lock _guard = new();
        private readonly List<byte> _data = [];

        public TaskCompletionSource Replied { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Text
        {
            get
            {
                lock (_guard)
                    return Encoding.UTF8.GetString([.. _data]);
            }
        }

        public void Add(byte[] data)
        {
            lock (_guard)
                _data.AddRange(data);
        }

        public void End(string? refusal)
        {
            if (refusal is not null)
                Replied.TrySetException(new IOException(refusal));
            Ended.TrySetResult();
        }
    }
}
