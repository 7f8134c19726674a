using System.Net;
using Suite.Network.Names;

namespace Suite.Network.Tests.Names;

public sealed class DnsMessageTests
{
    /// <summary>"web.back" A IN, with an OPT record of 1232 bytes, as dig(1) sends it.</summary>
    private static readonly byte[] Query = Convert.FromHexString(
        "ABCD" + "0120" + "0001" + "0000" + "0000" + "0001"
        + "03776562" + "044261636B" + "00" + "0001" + "0001"
        + "00" + "0029" + "04D0" + "00000000" + "0000");

    [Fact]
    public void A_query_is_read()
    {
        var question = DnsMessage.Read(Query, out var refusal);
        Assert.Null(refusal);
        Assert.Equal(new DnsQuestion(0xabcd, true, "web.back", DnsQuestion.A, DnsQuestion.Internet, 26, 1232, true), question);
    }

    [Fact]
    public void An_answer_repeats_the_question_and_points_at_its_name() => Assert.Equal(
        "ABCD" + "8580" + "0001" + "0001" + "0000" + "0001"
        + "03776562" + "044261636B" + "00" + "0001" + "0001"
        + "C00C" + "0001" + "0001" + "00000000" + "0004" + "0A580002"
        + "00" + "0029" + "1000" + "00000000" + "0000",
        Convert.ToHexString(DnsAnswer.Addresses(Query, DnsMessage.Read(Query, out _)!, [IPAddress.Parse("10.88.0.2")], 1232)));

    [Fact]
    public void An_answer_that_does_not_fit_is_cut_and_says_so()
    {
        var many = Enumerable.Range(0, 200).Select(n => new IPAddress([10, 88, 1, (byte)n]));
        byte[] answer = DnsAnswer.Addresses(Query, DnsMessage.Read(Query, out _)!, many, DnsMessage.PlainUdpBytes);
        Assert.InRange(answer.Length, 480, DnsMessage.PlainUdpBytes);
        Assert.Equal(2, answer[2] & 2);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("ABCD01", null)]
    [InlineData("ABCD81000001000000000000" + "0000010001", null)] // an answer
    [InlineData("ABCD28000001000000000000" + "0000010001", 4)] // an update
    [InlineData("ABCD01000002000000000000" + "0000010001", 1)]
    [InlineData("ABCD01000001000000000000" + "40", 1)] // a label of a kind that there is not
    [InlineData("ABCD01000001000000000000" + "C00C00010001", 1)] // a name that points at itself
    [InlineData("ABCD01000001000000000000" + "C00E0001C00C", 1)] // forward
    [InlineData("ABCD01000001000000000000" + "0561", 1)] // a label cut short
    [InlineData("ABCD01000001000000000000" + "00000100", 1)]
    [InlineData("ABCD01000001000000000001" + "0000010001", 1)] // a record that is not there
    [InlineData("ABCD01000001000000000001" + "0000010001" + "00002904D000000000FFFF", 1)]
    public void What_is_no_query_is_refused_or_ignored(string hex, int? expected)
    {
        Assert.Null(DnsMessage.Read(Convert.FromHexString(hex), out var refusal));
        Assert.Equal((DnsCode?)expected, refusal);
    }

    [Fact]
    public void A_name_of_more_than_255_bytes_is_refused()
    {
        byte[] label = [63, .. Enumerable.Repeat((byte)'a', 63)];
        byte[] message = [.. Query[..12], .. label, .. label, .. label, .. label, 0, 0, 1, 0, 1];
        message[11] = 0;
        Assert.Null(DnsMessage.Read(message, out var refusal));
        Assert.Equal(DnsCode.FormatError, refusal);
    }

    [Fact]
    public void Garbage_is_read_to_an_end_and_never_beyond()
    {
        var random = new Random(20895);
        for (int i = 0; i < 50_000; i++)
        {
            byte[] message = Query.AsSpan(0, random.Next(Query.Length + 1)).ToArray();
            for (int flips = random.Next(8); flips > 0 && message.Length > 0; flips--)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            if (DnsMessage.Read(message, out _) is { } question)
            {
                byte[] answer = DnsAnswer.Addresses(message, question, [IPAddress.IPv6Loopback], question.PayloadBytes);
                Assert.InRange(answer.Length, DnsMessage.HeaderBytes, question.PayloadBytes + question.End);
            }
        }
    }

    [Theory]
    [InlineData("2.0.88.10.in-addr.arpa", "10.88.0.2")]
    [InlineData("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.3.5.d.f.ip6.arpa", "fd53:1::2")]
    [InlineData("2.0.88.in-addr.arpa", null)]
    [InlineData("2.0.88.300.in-addr.arpa", null)]
    [InlineData("x.ip6.arpa", null)]
    [InlineData("web", null)]
    public void A_reverse_name_is_an_address(string name, string? address) => Assert.Equal(address, DnsName.ReverseAddress(name)?.ToString());

    [Fact]
    public void The_hosts_servers_are_the_first_three_and_its_last_search_line()
    {
        var (servers, searches) = HostServers.Parse("# mine\nsearch old\nnameserver 10.0.0.1\nnameserver\t::1 \nnameserver junk\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nsearch a.test b.test\n");
        Assert.Equal(["10.0.0.1", "::1", "10.0.0.2"], servers.Select(server => server.ToString()));
        Assert.Equal(["a.test", "b.test"], searches);
    }
}
