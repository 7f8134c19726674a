using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Suite.Runtime.Solo;
using Suite.Runtime.Store;

namespace Suite.Runtime.Tests.Store;

/// <summary>Records outlive the version that wrote them.</summary>
public sealed class RecordJsonTests
{
    [Fact]
    public void A_record_of_before_a_field_was_there_reads_as_if_nothing_had_been_asked_for()
    {
        var record = Builders.Container() with { Solo = new SoloSpec { Image = "busybox", Name = "old" } };
        var json = JsonNode.Parse(JsonSerializer.Serialize(record, RecordJson.Default.ContainerRecord))!;
        foreach (var newer in (string[])["groupNames", "appArmor", "selinuxLabel", "exposedPorts", "seccomp", "init", "privateUsers", "publishAll", "unmaskedPaths"])
            json["solo"]!.AsObject().Remove(newer);
        json["config"]!["security"]!.AsObject().Remove("groupNames");

        var read = JsonSerializer.Deserialize(json.ToJsonString(), RecordJson.Default.ContainerRecord)!;

        Assert.Equal(record.Solo.ToMessage(), read.Solo!.ToMessage());
        Assert.Empty(read.Config.Security.GroupNames);
        Assert.Equal(ProfileChoice.None, read.Solo!.AppArmor);
    }
}
