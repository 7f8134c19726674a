using Suite.Cli.Tests.Fakes;
using Suite.Container.V1;
using Suite.Network.V1;

namespace Suite.Cli.Tests.Commands;

public sealed class NetworkTests
{
    [Fact]
    public async Task Create_asks_for_what_the_options_say_in_any_order()
    {
        await using var machine = await FakeMachine.StartAsync();
        var result = await machine.RunAsync(
            "network", "create", "--gateway", "fd53:1::9", "--gateway", "10.90.0.9", "--subnet", "10.90.0.0/24", "--subnet", "fd53:1::/64",
            "--ip-range", "10.90.0.128/25", "--internal", "--isolated", "--ipv6", "--mtu", "1400", "--label", "stage=test", "back");
        Assert.Equal((0, "0123456789abcdef\n"), (result.ExitCode, result.Output));
        Assert.Equal(
            new CreateNetworkRequest
            {
                Name = "back",
                Internal = true,
                Isolated = true,
                Ipv6 = true,
                Mtu = 1400,
                Subnets =
                {
                    new Subnet { Subnet_ = "10.90.0.0/24", Gateway = "10.90.0.9", Range = "10.90.0.128/25" },
                    new Subnet { Subnet_ = "fd53:1::/64", Gateway = "fd53:1::9" },
                },
                Labels = { ["stage"] = "test" },
            },
            Assert.Single(machine.Network.Asked));

        var stray = await machine.RunAsync("network", "create", "--gateway", "10.91.0.1", "--subnet", "10.90.0.0/24", "back");
        Assert.Equal((1, "suite: --gateway 10.91.0.1 is in no --subnet that is named\n"), (stray.ExitCode, stray.Error));
    }

    [Fact]
    public async Task Ls_is_a_table_and_inspect_is_what_docker_users_know()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Network.All.Add(Back());
        machine.Network.Attachments.Add(Web());
        Assert.Equal(
            """
            NETWORK ID     NAME   DRIVER   SUBNETS
            0123456789ab   back   bridge   10.90.0.0/24, fd53:1::/64

            """,
            (await machine.RunAsync("network", "ls")).Output);
        Assert.Equal("0123456789ab\n", (await machine.RunAsync("network", "ls", "-q")).Output);
        Assert.Equal("bridge 10.90.0.2/24 true\n", (await machine.RunAsync("network", "inspect", "-f", "{{.Driver}} {{.Containers.pod1.IPv4Address}} {{.EnableIPv6}}", "back")).Output);
        Assert.Contains("\"Gateway\": \"10.90.0.1\"", (await machine.RunAsync("network", "inspect", "back")).Output, StringComparison.Ordinal);
        var missing = await machine.RunAsync("network", "inspect", "nothere");
        Assert.Equal((1, "suite: there is no network \"nothere\"\n"), (missing.ExitCode, missing.Error));
    }

    [Fact]
    public async Task A_container_is_connected_and_disconnected_by_its_sandbox()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.Add(new ContainerInfo { Id = FakeContainers.Id, Name = "web" });
        machine.Network.Attachments.Add(Web());
        Assert.Equal(0, (await machine.RunAsync("network", "connect", "--ip", "10.90.0.7", "--ip6", "fd53:1::7", "--mac-address", "02:00:00:00:00:07", "--alias", "www", "back", "web")).ExitCode);
        Assert.Equal(0, (await machine.RunAsync("network", "disconnect", "back", "web")).ExitCode);
        Assert.Equal(
            [
                new ConnectRequest
                {
                    SandboxId = "pod1",
                    Endpoint = new EndpointSettings { Network = "back", Addresses = { "10.90.0.7", "fd53:1::7" }, MacAddress = "02:00:00:00:00:07", Aliases = { "www" } },
                },
                new DisconnectRequest { SandboxId = "pod1", Network = "back" },
            ],
            machine.Network.Asked);
        machine.Network.Attachments.Clear();
        Assert.Contains("on no network", (await machine.RunAsync("network", "connect", "back", "web")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rm_goes_on_after_one_that_fails_and_prune_prints_what_went()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Network.All.Add(Back());
        var removed = await machine.RunAsync("network", "rm", "nothere", "back");
        Assert.Equal((1, "back\n"), (removed.ExitCode, removed.Output));
        Assert.Equal(new CliResult(0, "nothere\n", ""), await machine.RunAsync("network", "rm", "-f", "nothere"));
        Assert.Equal((1, ""), ((await machine.RunWithInputAsync("n\n", "network", "prune")).ExitCode, (await machine.RunAsync("network", "prune")).Output));
        Assert.Equal("back\n", (await machine.RunAsync("network", "prune", "-f", "--filter", "label=stage=test")).Output);
        Assert.Equal(new PruneNetworksRequest { Labels = { "stage=test" } }, machine.Network.Asked[^1]);
        Assert.Contains("with a name of label, until", (await machine.RunAsync("network", "prune", "--filter", "name=x")).Error, StringComparison.Ordinal);
    }

    private static NetworkInfo Back() => new()
    {
        Id = "0123456789abcdef",
        Name = "back",
        Driver = "bridge",
        Subnets = { new Subnet { Subnet_ = "10.90.0.0/24", Gateway = "10.90.0.1" }, new Subnet { Subnet_ = "fd53:1::/64", Gateway = "fd53:1::1" } },
    };

    private static Attachment Web() => new()
    {
        SandboxId = "pod1",
        SandboxName = "web",
        Endpoints = { new Suite.Network.V1.Endpoint { Network = "back", Addresses = { "10.90.0.2/24", "fd53:1::2/64" }, MacAddress = "02:53:0a:5a:00:02" } },
    };
}
