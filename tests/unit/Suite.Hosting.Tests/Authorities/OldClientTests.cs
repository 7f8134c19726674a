using System.Net.Sockets;

namespace Suite.Hosting.Tests.Authorities;

public sealed class OldClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/run/suite/runtime.sock")]
    [InlineData("%2Frun%2Fsuite%2Fruntime.sock")]
    [InlineData("localhost")]
    public async Task A_call_by_any_name_is_answered(string authority)
    {
        await using var host = await RunningHost.StartAsync();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.Socket), Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync((byte[])[.. OldClient.Preface, .. OldClient.Settings], Token);
        // As gRPC for Go: no request before the server has said hello.
        Assert.Equal(4, (await ReadFrameAsync(stream)).Type);
        foreach (var number in (int[])[1, 3])
        {
            await stream.WriteAsync((byte[])[.. OldClient.Headers(number, authority), .. OldClient.Data(number)], Token);
            Assert.True(await ReadAnswerAsync(stream, number), $"request {number} was reset");
        }
    }

    // A message, or RST_STREAM (3) or GOAWAY (7).
    private static async Task<bool> ReadAnswerAsync(NetworkStream stream, int number)
    {
        while (true)
        {
            var (type, from) = await ReadFrameAsync(stream);
            if (type == 0 && from == number)
                return true;
            if (type is 3 or 7)
                return false;
        }
    }

    private static async Task<(int Type, int Stream)> ReadFrameAsync(NetworkStream stream)
    {
        var header = new byte[9];
        await stream.ReadExactlyAsync(header, Token);
        await stream.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]], Token);
        return (header[3], header[8]);
    }
}
