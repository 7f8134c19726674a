using System.Buffers;
using System.IO.Pipelines;
using Suite.Hosting.Authorities;

namespace Suite.Hosting.Tests.Authorities;

public sealed class AuthorityReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task A_path_for_a_name_is_replaced_however_the_bytes_come(int chunk)
    {
        byte[] sent = [.. OldClient.Preface, .. OldClient.Settings, .. OldClient.Headers(1, "/run/suite/runtime.sock"), .. OldClient.Data(1), .. OldClient.Headers(3, "%2Frun%2Fx.sock"), .. OldClient.Data(3)];
        byte[] expected = [.. OldClient.Preface, .. OldClient.Settings, .. OldClient.Headers(1, "u"), .. OldClient.Data(1), .. OldClient.Headers(3, "u"), .. OldClient.Data(3)];
        Assert.Equal(expected, await ThroughAsync(sent, chunk));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    public async Task A_client_with_a_good_name_is_left_alone(int chunk)
    {
        // Even where later bytes look like a bad one: after the first request nobody looks.
        byte[] sent = [.. OldClient.Preface, .. OldClient.Settings, .. OldClient.Headers(1, "localhost"), .. OldClient.Headers(3, "/x")];
        Assert.Equal(sent, await ThroughAsync(sent, chunk));
    }

    [Fact]
    public async Task Padding_and_priority_stay_where_they_are()
    {
        byte[] Frame(string authority) => OldClient.Frame(1, 0x4 | 0x8 | 0x20, 1, [3, 0, 0, 0, 0, 16, .. OldClient.Fields(authority), 0, 0, 0]);
        byte[] expected = [.. OldClient.Preface, .. Frame("u")];
        Assert.Equal(expected, await ThroughAsync([.. OldClient.Preface, .. Frame("/a/b")], 100));
    }

    [Fact]
    public async Task The_name_in_its_code_is_known()
    {
        byte[] block = [0x83, 0x86, 0x41, 0x86, 0xa0, 0xe4, 0x1d, 0x13, 0x9d, 0x09];
        byte[] sent = [.. OldClient.Preface, .. OldClient.Frame(1, 0x4, 1, block), .. OldClient.Headers(3, "/x")];
        Assert.Equal(sent, await ThroughAsync(sent, 4096));
    }

    [Fact]
    public async Task Garbage_goes_on_as_it_came()
    {
        foreach (var seed in Enumerable.Range(0, 200))
        {
            var bytes = new byte[300];
            new Random(seed).NextBytes(bytes);
            byte[] sent = [.. OldClient.Preface, .. bytes];
            var came = await ThroughAsync(sent, 50);
            // A name may have been found in it; all else is there.
            Assert.InRange(came.Length, 1, sent.Length);
        }
    }

    [Fact]
    public async Task A_frame_cut_off_by_the_end_goes_on()
    {
        byte[] sent = [.. OldClient.Preface, .. OldClient.Headers(1, "/x").Take(12)];
        Assert.Equal(sent, await ThroughAsync(sent, 4096));
    }

    private static async Task<byte[]> ThroughAsync(byte[] sent, int chunk)
    {
        var pipe = new Pipe();
        var writing = Task.Run(
            async () =>
            {
                foreach (var part in sent.Chunk(chunk))
                    await pipe.Writer.WriteAsync(part, Token);
                await pipe.Writer.CompleteAsync();
            },
            Token);
        var reader = new AuthorityReader(pipe.Reader);
        var came = new ArrayBufferWriter<byte>();
        while (true)
        {
            var result = await reader.ReadAsync(Token);
            foreach (var part in result.Buffer)
                came.Write(part.Span);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
        }
        await writing;
        return came.WrittenSpan.ToArray();
    }
}
