using Suite.Network.Bridge.Netlink;

namespace Suite.Network.Bridge.Tests.Netlink;

public sealed class NetlinkWriterTests
{
    [Fact]
    public void A_message_has_its_length_and_every_attribute_starts_at_a_multiple_of_four()
    {
        var writer = new NetlinkWriter();
        writer.Message(16, 5, 7, [1, 2, 3, 4]);
        writer.Put(3, "ab");
        writer.Put(4, 1500u);

        Assert.Equal(
            "2400000010000500" + "0700000000000000"
            + "01020304"
            + "07000300" + "61620000"
            + "08000400" + "DC050000",
            Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void A_nest_covers_what_is_put_until_it_ends()
    {
        var writer = new NetlinkWriter();
        writer.Message(0, 0, 0, []);
        using (writer.Nest(18))
        {
            writer.PutBigEndian(1, 258);
        }

        writer.Put(2, (byte)9);
        Assert.Equal("0C001280" + "0800010000000102" + "0500020009000000", Convert.ToHexString(writer.Written[16..]));
    }

    [Fact]
    public void Several_messages_follow_each_other()
    {
        var writer = new NetlinkWriter();
        writer.Message(1, 0, 1, []);
        writer.Message(2, 0, 2, [9]);
        Assert.Equal(2, writer.Count);
        Assert.Equal("10000000" + "0100000001000000" + "00000000" + "14000000" + "0200000002000000" + "00000000" + "09000000", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void It_grows_as_needed_and_can_be_used_again()
    {
        var writer = new NetlinkWriter();
        writer.Message(1, 0, 1, []);
        writer.Put(1, new byte[5000]);
        Assert.Equal(16 + 4 + 5000, writer.Written.Length);
        writer.Clear();
        writer.Message(1, 0, 1, []);
        Assert.Equal(16, writer.Written.Length);
    }
}
