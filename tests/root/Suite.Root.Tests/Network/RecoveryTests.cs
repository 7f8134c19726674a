using System.Net;
using Microsoft.Data.Sqlite;
using Suite.Linux.Namespaces;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

/// <summary>What a process that was killed leaves behind, and what the next one makes of it.</summary>
public sealed class RecoveryTests
{
    [RootFact]
    public async Task A_restart_keeps_attachments_ports_and_addresses()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var before = await rig.AttachAsync("web", (20861, 80));
        using var server = Wire.Serve(before.NetnsPath, 80, "still");
        await rig.StopAsync();
        Assert.Equal("still", await Wire.AskAsync(IPAddress.Loopback, 20861));

        await rig.StartAsync();
        Assert.Equal(before, Assert.Single((await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments));
        Assert.Equal("still", await Wire.AskAsync(IPAddress.Loopback, 20861));
        var next = await rig.AttachAsync("next");
        Assert.NotEqual(before.Endpoints[0].Addresses[0], next.Endpoints[0].Addresses[0]);
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => rig.AttachAsync("thief", (20861, 80)));
    }

    [RootTheory]
    [InlineData("Attaching")]
    [InlineData("Detaching")]
    public async Task A_half_made_attachment_is_undone(string state)
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.Of(nameof(A_half_made_attachment_is_undone) + state));
        var half = await rig.AttachAsync("half", (20862, 80));
        await rig.StopAsync();
        Change(rig.Database, $"UPDATE attachments SET state = '{state}'");

        await rig.StartAsync();
        Assert.Empty((await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments);
        Assert.False(File.Exists(half.NetnsPath));
        await rig.AttachAsync("next", (20862, 80));
    }

    [RootFact]
    public async Task What_cannot_be_taken_down_yet_is_tried_again_and_recorded_until_then()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var web = await rig.AttachAsync("web");
        NetworkNamespace.Unbind(web.NetnsPath);
        Directory.CreateDirectory(web.NetnsPath); // it cannot be removed as the file that was there
        await rig.DetachAsync("web");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.Equal(["Detaching"], States(rig.Database));
        // Others are served meanwhile, and nobody hears of it any more.
        await rig.AttachAsync("other");
        Assert.Equal("other", Assert.Single((await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments).SandboxId);
        Directory.Delete(web.NetnsPath);
        for (int attempt = 0; States(rig.Database).Contains("Detaching"); attempt++)
        {
            Assert.InRange(attempt, 0, 100);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    [RootFact]
    public async Task What_no_record_names_is_removed()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var lost = await rig.AttachAsync("lost", (20863, 80));
        await rig.StopAsync();
        Change(rig.Database, "DELETE FROM attachments");

        await rig.StartAsync();
        Assert.False(File.Exists(lost.NetnsPath));
        Assert.DoesNotContain(Directory.GetDirectories("/sys/class/net"), path => Path.GetFileName(path).StartsWith(rig.Instance + "-", StringComparison.Ordinal) && IsUp(path));
        await rig.AttachAsync("next", (20863, 80));
    }

    [RootFact]
    public async Task An_attachment_without_its_namespace_is_given_up()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var gone = await rig.AttachAsync("gone");
        await rig.StopAsync();
        NetworkNamespace.Unbind(gone.NetnsPath);

        await rig.StartAsync();
        Assert.Empty((await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments);
        await rig.DetachAsync("gone");
    }

    [RootFact]
    public async Task A_restart_of_the_machine_clears_attachments_and_keeps_networks()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await rig.Client.CreateNetworkAsync(new CreateNetworkRequest { Name = "kept", Subnets = { new Subnet { Subnet_ = Wire.SubnetOf(rig.Instance + "k").ToString() } } });
        await rig.AttachAsync("before");
        await rig.StopAsync();
        Change(rig.Database, "UPDATE boot SET id = 'another'");

        await rig.StartAsync();
        Assert.Empty((await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments);
        Assert.Contains((await rig.Client.ListNetworksAsync(new ListNetworksRequest())).Networks, network => network.Name == "kept");
    }

    [RootFact]
    public async Task The_default_network_takes_a_changed_mtu_once_nothing_is_attached()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await rig.AttachAsync("web");
        await rig.StopAsync();

        await rig.StartAsync(mtu: 1400);
        Assert.Equal(1500u, await DefaultMtuAsync(rig));
        await rig.DetachAsync("web");
        await rig.StopAsync();

        await rig.StartAsync(mtu: 1400);
        Assert.Equal(1400u, await DefaultMtuAsync(rig));
        var attachment = await rig.AttachAsync("web");
        using var server = Wire.Serve(attachment.NetnsPath, 80, "smaller");
        Assert.Equal("smaller", await Wire.AskAsync(IPAddress.Parse(attachment.Endpoints[0].Addresses[0].Split('/')[0]), 80));
    }

    [RootFact]
    public async Task A_network_that_is_removed_after_a_restart_takes_its_bridge_along()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var subnet = new Subnet { Subnet_ = Wire.SubnetOf(rig.Instance + "r").ToString() };
        var network = (await rig.Client.CreateNetworkAsync(new CreateNetworkRequest { Name = "brief", Subnets = { subnet } })).Network;
        await rig.AttachAsync("web");
        await rig.DetachAsync("web");
        Assert.True(Directory.Exists($"/sys/class/net/{network.InterfaceName}"));
        await rig.StopAsync();

        await rig.StartAsync();
        await rig.Client.RemoveNetworkAsync(new RemoveNetworkRequest { Network = "brief" });
        Assert.False(Directory.Exists($"/sys/class/net/{network.InterfaceName}"));
    }

    private static async Task<uint> DefaultMtuAsync(ServiceRig rig) =>
        (await rig.Client.InspectNetworkAsync(new InspectNetworkRequest { Network = "bridge" })).Network.Mtu;

    private static bool IsUp(string link) => File.Exists(Path.Combine(link, "operstate")) && File.ReadAllText(Path.Combine(link, "operstate")).Trim() == "up";

    private static List<string> States(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT state FROM attachments";
        using var reader = command.ExecuteReader();
        var states = new List<string>();
        while (reader.Read())
        {
            states.Add(reader.GetString(0));
        }

        return states;
    }

    internal static void Change(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
