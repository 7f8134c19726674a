using Suite.Cli.Tests.Fakes;
using Suite.Container.V1;
using Suite.Graph.V1;
using Suite.Network.V1;

namespace Suite.Cli.Tests.Commands;

public sealed class EventsTests
{
    private const string Start = "1970-01-01T00:00:00.0000000";

    [Fact]
    public async Task What_happens_in_all_services_is_told_in_the_order_of_time()
    {
        await using var machine = await MachineAsync();
        Assert.Equal(
            $"""
            {Start}01Z image pull app:1 (name=app)
            {Start}02Z container create c1 (image=app:1, name=web)
            {Start}03Z network create n1 (name=net, stage=test, type=bridge)
            {Start}04Z network connect n1 (container=c1, name=net, type=bridge)
            {Start}05Z volume create data
            {Start}06Z image tag sha256:11 (name=other:1)
            {Start}07Z network disconnect n1 (container=gone, name=net, type=bridge)
            {Start}09Z container commit c1 (comment=new, image=app:1, imageID=sha256:22, name=web, stage=live)
            {Start}10Z container export c0

            """,
            (await machine.RunAsync("events", "--since", "1", "--until", "2")).Output);
    }

    [Theory]
    [InlineData("type=image", "pull tag")]
    [InlineData("event=create", "create create create")]
    [InlineData("network=net", "create connect disconnect")]
    [InlineData("network=n", "create connect disconnect")]
    [InlineData("volume=data", "create")]
    [InlineData("container=web", "create commit")]
    [InlineData("type=container", "create commit export")]
    [InlineData("image=app", "pull create commit")]
    [InlineData("image=sha256:11", "tag")]
    [InlineData("label=stage=test", "create")]
    [InlineData("label=stage=live", "commit")]
    public async Task Filters_are_those_of_docker(string filter, string actions)
    {
        await using var machine = await MachineAsync();
        var result = await machine.RunAsync("events", "--since", "1", "--until", "2", "--filter", filter, "--format", "{{.Action}}");
        Assert.Equal((0, actions), (result.ExitCode, result.Output.TrimEnd().Replace('\n', ' ')));
    }

    [Fact]
    public async Task As_json_it_is_what_others_read()
    {
        await using var machine = await MachineAsync();
        Assert.Equal(
            """
            {"Type":"image","Action":"pull","Actor":{"ID":"app:1","Attributes":{"name":"app"}},"scope":"local","status":"pull","id":"app:1","from":"","time":0,"timeNano":1}

            """,
            (await machine.RunAsync("events", "--since", "1", "--until", "2", "-f", "event=pull", "--format", "json")).Output);
        Assert.Equal(1, (await machine.RunAsync("events", "--filter", "colour=red")).ExitCode);
    }

    [Fact]
    public async Task Services_that_are_not_asked_may_be_down()
    {
        await using var machine = FakeMachine.Down();
        var result = await machine.RunAsync("events", "--filter", "type=network");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("network.sock", result.Error, StringComparison.Ordinal);
    }

    private static async Task<FakeMachine> MachineAsync()
    {
        var machine = await FakeMachine.StartAsync();
        machine.Containers.All.Add(new ContainerInfo { Id = "c1", SandboxId = "s1", Name = "web", Image = "app:1", Labels = { ["stage"] = "live" } });
        machine.Containers.Happened.Add(new Event { At = 2, Type = "container", Action = "create", Id = "c1", Attributes = { ["name"] = "web", ["image"] = "app:1" } });
        machine.Containers.Happened.Add(new Event { At = 5, Type = "volume", Action = "create", Id = "data" });
        machine.Images.Events.Add(new ImageEvent { At = 1, Action = "pull", Id = "app:1", Attributes = { ["name"] = "app" } });
        machine.Images.Events.Add(new ImageEvent { At = 6, Action = "tag", Id = "sha256:11", Attributes = { ["name"] = "other:1" } });
        machine.Images.Events.Add(new ImageEvent { At = 9, Action = "commit", Id = "c1", Attributes = { ["comment"] = "new", ["imageID"] = "sha256:22" } });
        machine.Images.Events.Add(new ImageEvent { At = 10, Action = "export", Id = "c0" });
        var network = new NetworkInfo { Id = "n1", Name = "net", Driver = "bridge" };
        machine.Network.Events.Add(new Suite.Network.V1.WatchEventsResponse { At = 3, Kind = EventKind.NetworkCreated, Networks = { new NetworkInfo(network) { Labels = { ["stage"] = "test" } } } });
        machine.Network.Events.Add(new Suite.Network.V1.WatchEventsResponse { At = 4, Kind = EventKind.Attached, SandboxId = "s1", Networks = { network } });
        machine.Network.Events.Add(new Suite.Network.V1.WatchEventsResponse { At = 7, Kind = EventKind.Disconnected, SandboxId = "gone", Networks = { network } });
        machine.Network.Events.Add(new Suite.Network.V1.WatchEventsResponse { At = 8, Kind = EventKind.Restored });
        return machine;
    }
}
