using Google.Protobuf;
using Suite.Cli.Output;
using Suite.Cli.Tests.Fakes;
using Suite.Container.V1;

namespace Suite.Cli.Tests.Commands;

public sealed class ListingTests
{
    private static long Before(double seconds) => Timestamps.ToNanoseconds(FakeMachine.Now.AddSeconds(-seconds));

    [Fact]
    public async Task Ports_in_a_row_are_a_range()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.Add(new ContainerInfo
        {
            Id = "1", Name = "web", State = State.Running,
            Ports =
            {
                Port(90, 8079), Port(91, 8080), Port(92, 8081), Port(93, 9000), Port(91, 8080, "udp"), Port(7000, 0), Port(7001, 0),
                new PortMapping { ContainerPort = 94, HostPort = 9001, Protocol = "tcp", HostIp = "::1" },
            },
        });

        Assert.Equal(
            "0.0.0.0:8079-8081->90-92/tcp, 0.0.0.0:8080->91/udp, 0.0.0.0:9000->93/tcp, [::1]:9001->94/tcp, 7000-7001/tcp\n",
            (await machine.RunAsync("ps", "--format", "{{.Ports}}")).Output);

        static PortMapping Port(uint inside, uint outside, string protocol = "tcp") => new() { ContainerPort = inside, HostPort = outside, Protocol = protocol };
    }

    [Fact]
    public async Task Ps_is_a_table_as_docker_users_know_it()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.AddRange(Two());

        var result = await machine.RunAsync("ps", "-a");

        Assert.Equal(
            """
            CONTAINER ID   IMAGE     COMMAND                  CREATED         STATUS                    PORTS                  NAMES
            0123456789ab   busybox   "httpd -f -p 80 -h /…"   2 minutes ago   Up 2 minutes              0.0.0.0:8080->80/tcp   web
            fedcba987654   busybox   "false"                  3 days ago      Exited (137) 2 days ago                          sleepy

            """,
            result.Output);
        Assert.Equal("0123456789ab\n", (await machine.RunAsync("ps", "-q")).Output);
    }

    [Fact]
    public async Task Images_show_short_names()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Images.All.Add(new()
        {
            Id = "sha256:0123456789abcdef",
            Tags = { "docker.io/library/busybox:latest", "127.0.0.1:5000/busybox:latest" },
            Size = 2_210_000,
            CreatedAt = Before(7200),
        });

        Assert.Equal(
            """
            REPOSITORY               TAG      IMAGE ID       CREATED       SIZE
            busybox                  latest   0123456789ab   2 hours ago   2.21MB
            127.0.0.1:5000/busybox   latest   0123456789ab   2 hours ago   2.21MB

            """,
            (await machine.RunAsync("images")).Output);
    }

    [Fact]
    public async Task Logs_go_to_the_streams_they_came_from_with_times_when_asked()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.Add(new() { Name = "web" });
        machine.Containers.Log.AddRange(
        [
            new() { Timestamp = Before(2) + 5, Line = ByteString.CopyFromUtf8("GET /\n") },
            new() { Timestamp = Before(1), Stream = Container.V1.Stream.Stderr, Line = ByteString.CopyFromUtf8("404\n") },
        ]);

        Assert.Equal(new CliResult(0, "GET /\n", "404\n"), await machine.RunAsync("logs", "web"));
        Assert.Equal(new CliResult(0, "", "404\n"), await machine.RunAsync("logs", "--tail", "1", "web"));
        Assert.Equal(
            new CliResult(0, "2026-01-31T11:59:58.000000005Z GET /\n", "2026-01-31T11:59:59.000000000Z 404\n"),
            await machine.RunAsync("logs", "-t", "web"));
    }

    [Fact]
    public async Task Inspect_has_dockers_shape_and_fields()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.AddRange(Two());

        var result = await machine.RunAsync("inspect", "-f", "{{.NetworkSettings.IPAddress}} {{.State.Pid}} {{json .NetworkSettings.Ports}}", "web");

        Assert.Equal(new CliResult(0, "10.88.0.2 42 {\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"}]}\n", ""), result);
        Assert.Equal(
            new CliResult(1, "[]\n", "suite: there is no container, image, network or volume nope; see \"suite ps -a\" and \"suite images\"\n"),
            await machine.RunAsync("inspect", "nope"));
    }

    [Fact]
    public async Task Port_prints_where_a_port_leads()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.AddRange(Two());

        Assert.Equal("80/tcp -> 0.0.0.0:8080\n", (await machine.RunAsync("port", "web")).Output);
        Assert.Equal("0.0.0.0:8080\n", (await machine.RunAsync("port", "web", "80")).Output);
        Assert.Equal(1, (await machine.RunAsync("port", "web", "81")).ExitCode);
    }

    private static IEnumerable<ContainerInfo> Two() =>
    [
        new()
        {
            Id = FakeContainers.Id,
            Name = "web",
            Image = "busybox",
            Command = { "httpd", "-f", "-p", "80", "-h", "/www" },
            State = State.Running,
            Pid = 42,
            CreatedAt = Before(150),
            StartedAt = Before(149),
            Addresses = { "10.88.0.2" },
            Ports = { new PortMapping { Protocol = "tcp", ContainerPort = 80, HostPort = 8080 } },
        },
        new()
        {
            Id = "fedcba9876543210",
            Name = "sleepy",
            Image = "busybox",
            Command = { "false" },
            State = State.Exited,
            ExitCode = 137,
            CreatedAt = Before(3 * 86400),
            FinishedAt = Before(2 * 86400),
        },
    ];
}
