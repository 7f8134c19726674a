using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Suite.Runtime.Names;
using Suite.Runtime.Pods;
using Suite.Runtime.Solo;
using Suite.Runtime.Specs;
using PortMapping = Suite.Runtime.Pods.PortMapping;

namespace Suite.Runtime.Tests.Solo;

public sealed class SoloPlanTests
{
    private static readonly ImageDefaults Image = new() { Entrypoint = ["/entry"], Command = ["serve"] };

    [Theory]
    [InlineData(null, "", "/entry serve")]
    [InlineData(null, "x", "/entry x")]
    [InlineData("/other", "", "/other")]
    [InlineData("/other", "x", "/other x")]
    [InlineData("", "x y", "x y")]
    public void An_entrypoint_silences_the_images_as_dockers_does(string? entrypoint, string command, string expected)
    {
        var spec = new SoloSpec { Image = "i", Entrypoint = entrypoint is null ? null : Words(entrypoint), Command = Words(command) };
        Assert.Equal(Words(expected), CommandLine.Merge(SoloPlan.ContainerOf(spec), Image));
    }

    [Fact]
    public void Half_a_processor_is_half_of_each_period()
    {
        var resources = SoloPlan.ContainerOf(new SoloSpec { Image = "i", NanoCpus = 500_000_000, MemoryBytes = 10 }).Resources;
        Assert.Equal((50_000L, 100_000L, 20L), (resources.CpuQuota, resources.CpuPeriod, resources.MemorySwapBytes));
    }

    [Fact]
    public void The_hosts_network_stands_alone() =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => SoloPlan.PodOf(new SoloSpec { Image = "i", Networks = ["host", "bridge"] }, "p", "c")).Kind);

    [Fact]
    public void A_container_without_a_hostname_is_called_by_the_beginning_of_its_id() =>
        Assert.Equal("0123456789ab", SoloPlan.PodOf(new SoloSpec { Image = "i" }, "pod", "0123456789abcdef").Hostname);

    [Theory]
    [InlineData("-x")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void A_name_is_not_a_flag_nor_a_path(string name) =>
        Assert.StartsWith("spec.name", Assert.Throws<SuiteException>(() => new ContainerSpec { Name = name, Image = "i" }.ToDomain()).Message);

    [Theory]
    [InlineData("PATH")]
    [InlineData("=secret")]
    public void A_variable_without_name_or_value_is_refused_and_not_dropped(string variable)
    {
        var failure = Assert.Throws<SuiteException>(() => new ContainerSpec { Image = "i", Env = { "A=1", variable } }.ToDomain());
        Assert.StartsWith("spec.env[1]: ", failure.Message);
        Assert.DoesNotContain("secret", failure.Message);
    }

    [Fact]
    public void What_was_asked_comes_back_word_for_word()
    {
        var asked = new ContainerSpec
        {
            Name = "web", Image = "busybox", EntrypointSet = true, Entrypoint = { "sh" }, Command = { "-c" }, Env = { "A=1" }, WorkingDir = "/w", User = "1:2",
            Hostname = "h", Labels = { ["a"] = "b" }, Tty = true, Stdin = true, Networks = { "n" },
            Ports = { new Container.V1.PortMapping { Protocol = "udp", ContainerPort = 1, HostPort = 2, HostIp = "127.0.0.1" } },
            Mounts = { new Container.V1.BindMount { Source = "/s", Target = "/t", ReadOnly = true } },
            Resources = new Resources { MemoryBytes = 1, NanoCpus = 2, Pids = 3 }, ReadOnlyRootfs = true, Privileged = true, CapAdd = { "A" }, CapDrop = { "B" },
            StopSignal = "SIGQUIT", Restart = new Container.V1.RestartPolicy { Mode = Container.V1.RestartMode.OnFailure, Retries = 3 },
            Tmpfs = { new Container.V1.TmpfsMount { Target = "/tmp", Options = { "size=1m" } } }, Ulimits = { new Container.V1.Ulimit { Name = "nofile", Soft = 1, Hard = 2 } },
            Sysctls = { ["net.ipv4.ip_forward"] = "1" }, AllowNewPrivileges = true, PidMode = "host", IpcMode = "host", Dns = { "9.9.9.9" }, DnsSearch = { "x" },
            ExtraHosts = { "me:1.2.3.4", "host:host-gateway" }, Links = { new Link { Container = "db", Alias = "base" } }, NetworkAliases = { "www" }, Address = "10.1.1.1",
            Devices = { new DeviceMount { HostPath = "/dev/null", ContainerPath = "/dev/nil", Permissions = "r" } }, Groups = { "7", "staff" },
            Seccomp = "{}", Apparmor = "web", SelinuxLabel = "u:r:t:s0", UnmaskedPaths = true, PublishAll = true, ExposedPorts = { "80/tcp" }, ShmBytes = 5, StopTimeout = 6, OomScoreAdj = 9,
            Health = new Container.V1.HealthCheck { Test = { "true" }, Interval = 1_000_000_000, Timeout = 2_000_000_000, Retries = 1 },
        };
        Assert.Equal(asked, asked.ToDomain().ToMessage());
        var other = new ContainerSpec { Image = "busybox", Init = true, UserMode = "private", Health = new Container.V1.HealthCheck { None = true } };
        Assert.Equal((true, "private", true), (other.ToDomain().ToMessage().Init, other.ToDomain().ToMessage().UserMode, other.ToDomain().ToMessage().Health.None));
    }

    [Fact]
    public void People_get_the_runtimes_filter_unless_they_say_otherwise()
    {
        Assert.Equal(ProfileKind.RuntimeDefault, SecurityOf(new ContainerSpec { Image = "i" }).Seccomp.Kind);
        Assert.Equal(ProfileKind.None, SecurityOf(new ContainerSpec { Image = "i", Seccomp = "unconfined" }).Seccomp.Kind);
        Assert.Null(SecurityOf(new ContainerSpec { Image = "i" }).MaskedPaths);
        Assert.Empty(SecurityOf(new ContainerSpec { Image = "i", UnmaskedPaths = true }).MaskedPaths!);

        static ContainerSecurity SecurityOf(ContainerSpec spec) => SoloPlan.ContainerOf(spec.ToDomain()).Security;
    }

    [Fact]
    public void With_init_the_command_is_a_neighbour_of_process_1()
    {
        var spec = new SoloSpec { Image = "i", Init = true };
        Assert.True(SoloPlan.PodOf(spec, "p", "c").SharesProcesses);
        Assert.Equal(NamespaceMode.Pod, SoloPlan.ContainerOf(spec).Security.Namespaces.Pid);
    }

    [Theory]
    [InlineData("spec.user_mode: a privileged", "private", true, "")]
    [InlineData("spec.user_mode: a container with users of its own cannot have the processes or the IPC of others", "private", false, "host")]
    [InlineData("spec.user_mode: mine is neither", "mine", false, "")]
    public void Users_of_its_own_are_refused_where_they_mean_nothing(string sentence, string mode, bool privileged, string pid)
    {
        var spec = new ContainerSpec { Image = "i", UserMode = mode, Privileged = privileged, PidMode = pid };
        Assert.StartsWith(sentence, Assert.Throws<SuiteException>(() => spec.ToDomain()).Message);
    }

    [Fact]
    public void Init_and_the_hosts_processes_exclude_each_other() =>
        Assert.StartsWith("spec.init", Assert.Throws<SuiteException>(() => new ContainerSpec { Image = "i", Init = true, PidMode = "host" }.ToDomain()).Message);

    [Fact]
    public void Users_that_are_taken_are_not_given_again()
    {
        var first = PrivateUsers.Free([]);
        var second = PrivateUsers.Free([first]);
        var between = new UserMap(new IdRange(second.Users.First + 10, 10), new IdRange(0, 1));
        Assert.Equal(first.Users.First + PrivateUsers.Count, second.Users.First);
        Assert.Equal(second.Users.First + PrivateUsers.Count, PrivateUsers.Free([first, between]).Users.First);
    }

    [Fact]
    public void Every_exposed_port_that_is_not_asked_for_gets_a_free_one()
    {
        var solo = new SoloSpec { Image = "i", PublishAll = true, ExposedPorts = ["90/tcp"], Ports = [new PortMapping(PortProtocol.Tcp, 80, 8080, "")] };
        var ports = ImageWords.WithExposed(solo, new ImageDefaults { ExposedPorts = ["80/tcp", "80/udp", "443", "nonsense/x", "0/tcp"] });
        Assert.Equal(
            [(PortProtocol.Tcp, 80u, 8080u), (PortProtocol.Udp, 80u, 0u), (PortProtocol.Tcp, 443u, 0u), (PortProtocol.Tcp, 90u, 0u)],
            ports.Select(p => (p.Protocol, p.ContainerPort, p.HostPort)));
    }

    [Fact]
    public void A_made_up_name_is_one_that_is_free()
    {
        var taken = new HashSet<string>();
        for (var i = 0; i < 20_000; i++)
            Assert.True(taken.Add(MadeUpNames.Make(taken.Contains, new Random(i))));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
