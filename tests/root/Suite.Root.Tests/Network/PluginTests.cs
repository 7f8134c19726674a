using System.Diagnostics;
using System.Text.Json.Nodes;
using Grpc.Core;
using Suite.Linux.Namespaces;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

/// <summary>CNI by the book (SPEC.md 1.1), with a plugin that notes what it is told and misbehaves as it is told.</summary>
public sealed class PluginTests
{
    [RootFact]
    public async Task A_list_rules_and_its_plugins_are_told_all_that_the_specification_says()
    {
        await using var rig = await PluginRig.StartAsync(InstanceName.OfCaller());
        var attachment = await rig.AttachAsync("web", (20901, 80));
        var endpoint = Assert.Single(attachment.Endpoints);
        Assert.Equal(("fakenet", "eth0", "02:00:00:00:00:07", "10.99.0.7/24", "10.99.0.1"), (endpoint.Network, endpoint.InterfaceName, endpoint.MacAddress, endpoint.Addresses[0], endpoint.Gateways[0]));
        Assert.Equal(["10.99.0.53"], attachment.Dns.Servers);
        Assert.True(NetworkNamespace.Exists(attachment.NetnsPath));

        var (first, second) = (rig.Calls[0], rig.Calls[1]);
        Assert.Equal(("ADD", "web", attachment.NetnsPath, "eth0"), (first.Command, first.Container, first.Namespace, first.Interface));
        Assert.Equal("IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=web;K8S_POD_UID=uid-1", first.Arguments);
        Assert.Equal(("fakenet", "1.1.0", 0), ((string?)first.Settings["name"], (string?)first.Settings["cniVersion"], (int?)first.Settings["number"]));
        Assert.Null(first.Settings["prevResult"]);
        Assert.Null(first.Settings["capabilities"]);
        Assert.Equal("""[{"hostPort":20901,"containerPort":80,"protocol":"tcp"}]""", first.Settings["runtimeConfig"]!["portMappings"]!.ToJsonString());
        Assert.Equal(10_000_000, (long)first.Settings["runtimeConfig"]!["bandwidth"]!["ingressRate"]!);
        Assert.Equal("10M", (string?)first.Settings["runtimeConfig"]!["io.kubernetes.cri.pod-annotations"]!["kubernetes.io/ingress-bandwidth"]);
        Assert.Equal("10.99.0.7/24", (string?)second.Settings["prevResult"]!["ips"]![0]!["address"]);

        await rig.Service.Client.CheckAttachmentAsync(new CheckAttachmentRequest { SandboxId = "web" });
        // The list may change or go meanwhile: what connected disconnects.
        Directory.Delete(rig.Service.Folder.Path("config", "cni"), recursive: true);
        await rig.Service.DetachAsync("web");
        await rig.Service.DetachAsync("web");
        Assert.Equal(["ADD", "ADD", "CHECK", "CHECK", "DEL", "DEL"], rig.Commands);
        Assert.Equal([0, 1, 0, 1, 1, 0], rig.Calls.Select(call => (int)call.Settings["number"]!));
        Assert.All(rig.Calls.Skip(2), call => Assert.Equal("10.99.0.7/24", (string?)call.Settings["prevResult"]!["ips"]![0]!["address"]));
        Assert.False(NetworkNamespace.Exists(attachment.NetnsPath));
        Assert.Empty(Directory.GetFiles(rig.Service.Folder.Path("root", "network", "cni", "results")));
    }

    [RootTheory]
    [InlineData("garbage", "no json")]
    [InlineData("nothing", "its result is none")]
    [InlineData("flood", "more than 1048576 bytes")]
    [InlineData("noaddress", "no address")]
    [InlineData("fail", "bad range: 10.0.0.0/33 (code 7)")]
    [InlineData("crash", "ended with 137")]
    public async Task A_plugin_that_fails_is_told_to_take_everything_back(string mode, string words)
    {
        await using var rig = await PluginRig.StartAsync(InstanceName.Of(nameof(PluginTests) + mode));
        rig.Mode(mode);
        var error = await Assert.ThrowsAsync<RpcException>(() => rig.AttachAsync("web"));
        Assert.Contains(words, error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(["DEL", "DEL"], rig.Commands.Where(command => command != "ADD"));
        Assert.Empty((await rig.Service.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments);
        Assert.False(NetworkNamespace.Exists(rig.Service.NamespacePath("web")));
        rig.Mode("ok");
        await rig.AttachAsync("web");
    }

    [RootFact]
    public async Task A_plugin_that_hangs_is_ended_and_holds_up_nobody_else()
    {
        await using var rig = await PluginRig.StartAsync(InstanceName.OfCaller());
        await rig.Service.StopAsync();
        rig.Service.PluginSeconds = 5;
        await rig.Service.StartAsync();
        rig.Mode("hang");
        var hanging = rig.AttachAsync("slow");
        var bridged = rig.Service.Request("quick");
        bridged.Networks.Add("bridge");
        await rig.Service.Client.AttachAsync(bridged);
        Assert.False(hanging.IsCompleted);
        var error = await Assert.ThrowsAsync<RpcException>(() => hanging);
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal("DEL", rig.Commands[^1]);
        Assert.DoesNotContain(Process.GetProcessesByName("sleep"), process => IsOf(process, rig.Service.Instance));
    }

    [RootFact]
    public async Task What_a_plugin_leaves_running_does_not_hold_its_result_back()
    {
        await using var rig = await PluginRig.StartAsync(InstanceName.OfCaller());
        rig.Mode("daemon");
        Assert.Equal("10.99.0.7/24", (await rig.AttachAsync("web")).Endpoints[0].Addresses[0]);
    }

    [RootFact]
    public async Task A_detach_that_fails_can_be_repeated_and_is_repeated_by_the_collector()
    {
        await using var rig = await PluginRig.StartAsync(InstanceName.OfCaller());
        await rig.AttachAsync("web");
        rig.Mode("fail-del");
        var error = await Assert.ThrowsAsync<RpcException>(() => rig.Service.DetachAsync("web"));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("not now", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(2, rig.Commands.Count(command => command == "DEL")); // the second plugin was told though the first one failed
        rig.Mode("ok");
        await rig.Service.CollectAsync();
        Assert.False(NetworkNamespace.Exists(rig.Service.NamespacePath("web")));
        Assert.Contains("GC", rig.Commands);
    }

    [RootFact]
    public async Task After_a_crash_between_two_plugins_everything_is_taken_back()
    {
        await using var rig = await PluginRig.StartAsync(InstanceName.OfCaller());
        await rig.AttachAsync("half");
        await rig.AttachAsync("whole");
        await rig.Service.StopAsync();
        RecoveryTests.Change(rig.Service.Database, "UPDATE attachments SET state = 'Attaching' WHERE sandbox = 'half'");
        await rig.Service.StartAsync();
        await rig.Service.CollectAsync();
        Assert.Equal("whole", Assert.Single((await rig.Service.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments).SandboxId);
        Assert.Equal("half", Assert.Single(rig.Calls.Where(call => call.Command == "DEL").Select(call => call.Container).Distinct()));
        var collected = rig.Calls.Last(call => call.Command == "GC").Settings;
        Assert.Equal("""[{"containerID":"whole","ifname":"eth0"}]""", collected["cni.dev/valid-attachments"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(collected["cni.dev/valid-attachments"], collected["cni.dev/attachments"]));
    }

    [RootFact]
    public async Task After_a_restart_of_the_machine_plugins_are_told_without_a_namespace()
    {
        await using var rig = await PluginRig.StartAsync(InstanceName.OfCaller());
        var web = await rig.AttachAsync("web");
        await rig.Service.StopAsync();
        NetworkNamespace.Unbind(web.NetnsPath);
        RecoveryTests.Change(rig.Service.Database, "UPDATE boot SET id = 'another'");
        await rig.Service.StartAsync();
        await rig.Service.CollectAsync();
        var deleted = rig.Calls.Where(call => call.Command == "DEL").ToList();
        Assert.Equal(2, deleted.Count);
        Assert.All(deleted, call => Assert.Equal(("web", ""), (call.Container, call.Namespace)));
    }

    [RootFact]
    public async Task Readiness_is_what_the_plugins_say()
    {
        await using var rig = await PluginRig.StartAsync(InstanceName.OfCaller());
        rig.Mode("unready");
        var status = await rig.Service.Client.StatusAsync(new StatusRequest());
        Assert.Equal((false, "NetworkPluginNotReady"), (status.Ready, status.Reason));
        Assert.StartsWith("Network plugin returns error: ", status.Message, StringComparison.Ordinal);
        Assert.Contains("agent is starting", status.Message, StringComparison.Ordinal);
        rig.Mode("ok");
        rig.WriteList("10-fake.conflist", "fakenet", plugins: 1); // a change of the list asks anew at once
        Assert.True((await rig.Service.Client.StatusAsync(new StatusRequest())).Ready);
        rig.WriteList("10-fake.conflist", "oldnet", version: "0.4.0", plugins: 1);
        Assert.True((await rig.Service.Client.StatusAsync(new StatusRequest())).Ready);
        File.Delete(rig.Service.Folder.Path("plugins", "fake"));
        rig.WriteList("10-fake.conflist", "oldnet", version: "0.3.1", plugins: 1);
        Assert.Contains("there is no CNI plugin fake", (await rig.Service.Client.StatusAsync(new StatusRequest())).Message, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task The_folder_is_followed_through_every_kind_of_change()
    {
        await using var rig = await PluginRig.StartAsync(InstanceName.OfCaller());
        string folder = rig.Service.Folder.Path("config", "cni", "net.d");
        Assert.Equal("fakenet", await NetworkAsync(rig));
        rig.WriteList("05-first.conflist", "first");
        Assert.Equal("first", await NetworkAsync(rig));
        File.WriteAllText(Path.Combine(folder, "00-bad.conflist"), "{ not json");
        Assert.Equal("first", await NetworkAsync(rig));
        File.Move(Path.Combine(folder, "05-first.conflist"), rig.Service.Folder.Path("aside"));
        Assert.Equal("fakenet", await NetworkAsync(rig));
        File.Move(rig.Service.Folder.Path("aside"), Path.Combine(folder, "05-moved.conflist"));
        Assert.Equal("first", await NetworkAsync(rig));
        Directory.Move(folder, folder + ".old");
        Assert.Equal("bridge", await NetworkAsync(rig));
        Directory.CreateDirectory(folder);
        Assert.Equal("bridge", await NetworkAsync(rig));
        rig.WriteList("10-again.conf", "again");
        Assert.Equal("again", await NetworkAsync(rig));
        File.WriteAllText(Path.Combine(folder, "10-again.conf"), """{"cniVersion":"0.4.0","name":"single","type":"fake"}""");
        Assert.Equal("single", await NetworkAsync(rig));
    }

    private static async Task<string> NetworkAsync(PluginRig rig)
    {
        var attachment = await rig.AttachAsync("probe");
        await rig.Service.DetachAsync("probe");
        return attachment.Endpoints[0].Network;
    }

    private static bool IsOf(Process process, string instance)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/environ").Contains(instance, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
