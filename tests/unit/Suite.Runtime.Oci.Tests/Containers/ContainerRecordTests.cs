using System.Text;
using System.Text.Json;
using Suite.Runtime.Oci.Containers;

namespace Suite.Runtime.Oci.Tests.Containers;

public sealed class ContainerRecordTests
{
    private static readonly ContainerRecord Whole = new()
    {
        Id = "c\"1", OciVersion = "1.3.0", Bundle = "/b", Rootfs = "/b/rootfs", CgroupPath = "/suite-oci/c", Pid = 7, StartTime = ulong.MaxValue, OwnPidNamespace = true,
        Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), Annotations = new Dictionary<string, string> { ["a"] = "ü", ["b"] = "" },
    };

    [Fact]
    public void A_record_comes_back_as_it_was_written()
    {
        var read = ContainerRecord.Parse(Encoding.UTF8.GetString(Whole.ToJson()));
        Assert.Equal(Whole.Annotations, read.Annotations);
        Assert.Equal(Whole with { Annotations = null }, read with { Annotations = null });
        Assert.Null(ContainerRecord.Parse(Encoding.UTF8.GetString((Whole with { Annotations = null }).ToJson())).Annotations);
    }

    [Fact]
    public void A_record_that_lacks_a_field_or_has_it_of_another_kind_is_no_record()
    {
        var text = Encoding.UTF8.GetString(Whole.ToJson());
        foreach (var broken in (string[])[text[..20], text.Replace("\"pid\":7", "\"pid\":\"7\"", StringComparison.Ordinal), text.Replace("\"rootfs\"", "\"other\"", StringComparison.Ordinal), "[]"])
            Assert.ThrowsAny<JsonException>(() => ContainerRecord.Parse(broken));
    }
}
