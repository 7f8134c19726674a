using Suite.Linux.Errors;
using Suite.Network.Bridge.Firewall;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Watches;

namespace Suite.Network.Bridge.Tests.Netlink;

public sealed class NetlinkReaderTests
{
    [Fact]
    public void An_acknowledgement_brings_the_kernels_own_words()
    {
        // struct nlmsgerr with CAP_ACK: error -22, the request's header, then NLMSGERR_ATTR_MSG.
        byte[] reply = Convert.FromHexString(
            "38000000" + "0200" + "0003" + "07000000" + "00000000"
            + "EAFFFFFF" + "20000000" + "10000500" + "07000000" + "00000000"
            + "12000100" + "4E6F2073756368206C696E6B2100" + "0000");
        var reader = new NetlinkReader(reply);
        Assert.True(reader.Next());
        Assert.Equal(new Acknowledgement(7, 22, "No such link!"), Acknowledgement.Read(reader));
        Assert.False(reader.Next());
    }

    [Theory]
    [InlineData("1000", "a message header of 2 bytes")]
    [InlineData("0F000000000000000000000000000000", "claims 15 of 16")]
    [InlineData("FFFFFFFF000000000000000000000000", "claims 4294967295 of 16")]
    public void A_length_that_lies_is_refused(string hex, string words)
    {
        byte[] datagram = Convert.FromHexString(hex);
        var error = Assert.Throws<SuiteException>(() => new NetlinkReader(datagram).Next());
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0300")]
    [InlineData("03000100")]
    [InlineData("09000100AABBCCDD")]
    public void An_attribute_that_claims_too_much_or_too_little_is_refused(string hex)
    {
        byte[] attributes = Convert.FromHexString(hex);
        Assert.Throws<SuiteException>(() => new AttributeReader(attributes).Next());
    }

    [Fact]
    public void Garbage_is_an_error_and_never_a_read_beyond_the_end()
    {
        var random = new Random(20841);
        byte[] valid = Convert.FromHexString(
            "5000000010000000010000000000000000000100060000004310010000000000"
            + "0B000300737569746530000008000A000500000010001200" + "0B0001006272696467650000" + "0800040004000000");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] datagram = valid.AsSpan(0, random.Next(valid.Length + 1)).ToArray();
            for (int flips = random.Next(6); flips > 0 && datagram.Length > 0; flips--)
            {
                datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
            }

            Read(datagram);
        }
    }

    [Fact]
    public void A_link_is_read_from_its_attributes()
    {
        byte[] reply = Convert.FromHexString(
            "48000000100000000100000000000000" + "00000100060000004310010000000000"
            + "0B0003007375697465300000" + "08000A0005000000" + "10001200" + "0B00010062726964676500" + "00");
        BitConverter.TryWriteBytes(reply, reply.Length);
        var reader = new NetlinkReader(reply);
        Assert.True(reader.Next());
        Assert.Equal(new LinkFacts(6, "suite0", 5, "bridge", IsUp: true), LinkQueries.ReadLink(reader));
    }

    private static void Read(byte[] datagram)
    {
        try
        {
            var reader = new NetlinkReader(datagram);
            while (reader.Next())
            {
                if (reader.Type == NetlinkSocket.NLMSG_ERROR)
                {
                    Acknowledgement.Read(reader);
                }
                else
                {
                    LinkQueries.ReadLink(reader);
                    LinkQueries.ReadAddress(reader);
                    Announcements.OfLinks(reader);
                    Announcements.OfRules(reader, "suite", 1);
                    ForeignChains.ReadChain(reader);
                    ForeignChains.ReadRule(reader, new ForeignChain(1, "t", "c", 2));
                }
            }
        }
        catch (SuiteException)
        {
            // The only kind of exception that may come.
        }
    }
}
