using System.IO.Pipelines;
using System.Text;
using Suite.Linux.Errors;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Streaming;
using Suite.Runtime.WebSockets;

namespace Suite.Runtime.Tests.Streaming;

/// <summary>Tickets, ends, sizes and the names of protocols.</summary>
public sealed class StreamingTests
{
    private static readonly ExecStreamRequest Request = new("c1", ["sh"], new WantedStreams(true, true, false, true));

    [Fact]
    public void A_ticket_is_128_bits_good_once_and_for_what_it_was_given()
    {
        var tickets = new StreamTickets(TimeProvider.System);
        var ticket = tickets.Issue(Request);
        Assert.Matches("^[0-9a-f]{32}$", ticket);
        Assert.Null(tickets.Redeem("attach", ticket));
        Assert.Same(Request, tickets.Redeem("exec", ticket));
        Assert.Null(tickets.Redeem("exec", ticket));
    }

    [Fact]
    public void Tickets_end_after_a_minute_and_there_are_no_more_than_a_thousand()
    {
        var clock = new ManualTime();
        var tickets = new StreamTickets(clock);
        var first = tickets.Issue(Request);
        for (var i = 1; i < StreamTickets.Most; i++)
            tickets.Issue(Request);
        Assert.Equal(ErrorKind.ResourceExhausted, Assert.Throws<SuiteException>(() => tickets.Issue(Request)).Kind);
        clock.Advance(StreamTickets.Life);
        Assert.Null(tickets.Redeem("exec", first));
        Assert.NotNull(tickets.Issue(Request));
    }

    [Theory]
    [InlineData(0, "", """{"metadata":{},"status":"Success"}""")]
    [InlineData(3, "", """{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}""")]
    [InlineData(null, "no such file", """{"metadata":{},"status":"Failure","message":"no such file","reason":"InternalError","details":{"causes":[{"message":"no such file"}]},"code":500}""")]
    public void The_end_is_a_status_of_Kubernetes(int? code, string failure, string json)
    {
        using var expected = System.Text.Json.JsonDocument.Parse(json);
        using var actual = System.Text.Json.JsonDocument.Parse(new StreamEnd(code, failure).ToJson());
        Assert.True(System.Text.Json.JsonElement.DeepEquals(expected.RootElement, actual.RootElement), actual.RootElement.GetRawText());
    }

    [Fact]
    public async Task Sizes_are_read_however_they_are_cut()
    {
        var pipe = new Pipe();
        var reading = WindowSizes.ReadAsync(pipe.Reader, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        foreach (var part in (string[])["{\"Width\":8", "0,\"Height\":24}\n{\"Width\":100,", "\"Height\":50}{\"Width\":-1,\"Height\":1}", new string('x', 2000), "{\"width\":1,\"height\":2}"])
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(part), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        var sizes = await reading;
        Assert.Equal([new TerminalSize(24, 80), new TerminalSize(50, 100)], sizes.Take(2));
    }

    [Theory]
    [InlineData("v4.channel.k8s.io", "v3.channel.k8s.io,v4.channel.k8s.io")]
    [InlineData("channel.k8s.io", "channel.k8s.io")]
    [InlineData(null, "v9.channel.k8s.io")]
    public void The_newest_protocol_that_both_know_is_taken(string? chosen, string theirs) =>
        Assert.Equal(chosen, StreamProtocols.Choose(StreamProtocols.OverSpdy, theirs.Split(','))?.Name);

    // RFC 6455, section 1.3.
    [Fact]
    public void The_handshake_answers_as_the_rfcs_example() =>
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketUpgrade.Answer("dGhlIHNhbXBsZSBub25jZQ=="));

    private sealed class ManualTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan span) => _now += span;
    }
}
