using System.Text;
using Suite.Runtime.Spdy;
using Suite.Testing.Streaming;

namespace Suite.Runtime.Tests.Spdy;

/// <summary>A session with a client that behaves, and with one that does not.</summary>
public sealed class SessionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_are_opened_carried_and_ended_each_way_by_itself()
    {
        await using var rig = new Rig();
        var id = await rig.Client.OpenAsync(("streamtype", "stdin"), ("requestid", "7"));
        var stream = await rig.Session.Accepted.ReadAsync(Token);
        Assert.Equal((id, "stdin", "7"), (stream.Id, stream.Header("streamType"), stream.Header("requestID")));

        await rig.Client.SendAsync(id, "in", fin: true);
        Assert.Equal("in", await ReadAllAsync(stream));
        // Their end is not ours.
        await stream.WriteAsync("out"u8.ToArray(), Token);
        await stream.EndAsync(Token);
        Assert.Equal("out", await rig.Client.ReadToEndAsync(id));
    }

    [Fact]
    public async Task A_ping_comes_back()
    {
        await using var rig = new Rig();
        await rig.Client.PingAsync(41);
        await rig.Client.PingAsync(43);
        while (rig.Client.Pongs.Count < 2)
            await Task.Delay(1, Token);
        Assert.Equal([41u, 43u], rig.Client.Pongs);
    }

    [Fact]
    public async Task What_nobody_reads_is_bounded()
    {
        await using var rig = new Rig();
        var id = await rig.Client.OpenAsync("stdin");
        var stream = await rig.Session.Accepted.ReadAsync(Token);
        var sent = 0;
        var flood = Task.Run(async () =>
        {
            while (true)
            {
                await rig.Client.SendAsync(id, new byte[16 << 10]);
                Interlocked.Add(ref sent, 16 << 10);
            }
        }, Token);
        var before = -1;
        while (before != Volatile.Read(ref sent))
        {
            before = Volatile.Read(ref sent);
            await Task.Delay(100, Token);
        }
        // The pipe of the stream, the one of the connection, and the chunks between.
        Assert.InRange(before, 64 << 10, 512 << 10);
        await stream.Input.CompleteAsync();
        while (Volatile.Read(ref sent) < 4 << 20)
            await Task.Delay(1, Token);
        await rig.Client.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => flood);
    }

    [Fact]
    public async Task More_streams_than_allowed_are_refused_one_by_one()
    {
        await using var rig = new Rig();
        for (var i = 0; i < 512; i++)
            await rig.Client.OpenAsync("stdin");
        await Assert.ThrowsAsync<IOException>(() => rig.Client.OpenAsync("stdin"));
        Assert.False(rig.Session.Gone.IsCancellationRequested);
    }

    [Theory]
    [InlineData(1, "00000002 00000000 0000 78bbe3c6a7c2 00 0400 fbff 00000000")]
    [InlineData(1, "0000")]
    [InlineData(1, "00000001 00000000 0000 ffff")]
    [InlineData(2, "00000001")]
    [InlineData(3, "0001")]
    [InlineData(6, "")]
    [InlineData(8, "00000001 ffffffff")]
    public async Task A_broken_frame_ends_the_session_with_a_goodbye(int kind, string hex)
    {
        await using var rig = new Rig();
        await rig.Client.SendControlAsync((ushort)kind, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        await rig.Running.WaitAsync(Token);
        await rig.CloseAsync();
        await rig.Client.Closed.WaitAsync(Token);
        Assert.Equal(1u, rig.Client.GoneAway);
    }

    [Fact]
    public async Task A_control_frame_of_16_MiB_is_not_waited_for()
    {
        await using var rig = new Rig();
        var frame = Convert.FromHexString("8003000100FFFFFF");
        await rig.Pair.Client.WriteAsync(frame, Token);
        await rig.Running.WaitAsync(Token);
        Assert.False(rig.Session.Accepted.TryRead(out _));
    }

    [Fact]
    public async Task Whatever_bytes_come_the_session_ends_and_does_not_throw()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var pair = new DuplexPair();
            using var session = new SpdySession(pair.Server, () => { });
            var running = session.RunAsync(Token);
            var drained = pair.Client.CopyToAsync(Stream.Null, Token);
            await pair.Client.WriteAsync(Noise(new Random(seed)), Token);
            await pair.Client.DisposeAsync();
            await running;
            Assert.True(session.Gone.IsCancellationRequested);
            while (session.Accepted.TryRead(out var stream))
                await stream.Input.CopyToAsync(Stream.Null, Token);
            await pair.Server.DisposeAsync();
            await drained;
        }
    }

    /// <summary>Frames that are right in their beginnings, and then anything.</summary>
    private static byte[] Noise(Random random)
    {
        var noise = new MemoryStream();
        for (var i = 0; i < 20; i++)
        {
            var body = new byte[random.Next(64)];
            random.NextBytes(body);
            if (body.Length > 16 && random.Next(2) == 0)
                Convert.FromHexString("0000000100000000000078BBE3C6A7C2").CopyTo(body, 0);
            noise.Write([0x80, 3, 0, (byte)random.Next(12), (byte)random.Next(2), 0, 0, (byte)body.Length]);
            noise.Write(body);
        }
        return noise.ToArray();
    }

    private static async Task<string> ReadAllAsync(SpdyStream stream)
    {
        var all = new MemoryStream();
        await stream.Input.CopyToAsync(all, Token);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    private sealed class Rig : IAsyncDisposable
    {
        public Rig()
        {
            Session = new SpdySession(Pair.Server, () => { });
            Running = Session.RunAsync(Token);
            Client = SpdyClient.Over(Pair.Client);
        }

        public DuplexPair Pair { get; } = new();

        public SpdySession Session { get; }

        public SpdyClient Client { get; }

        public Task Running { get; }

        public async Task CloseAsync() => await Pair.Server.DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            await Pair.Client.DisposeAsync();
            await Running;
            await CloseAsync();
            await Client.Closed;
            Session.Dispose();
        }
    }
}
