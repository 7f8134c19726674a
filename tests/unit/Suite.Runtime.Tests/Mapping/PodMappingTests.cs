using Suite.Linux.Errors;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;
using Cri = Runtime.V1;

namespace Suite.Runtime.Tests.Mapping;

public sealed class PodMappingTests
{
    private static Cri.PodSandboxConfig Valid() => new()
    {
        Metadata = new Cri.PodSandboxMetadata { Name = "web", Uid = "u", Namespace = "default", Attempt = 2 },
        Hostname = "web-0",
        LogDirectory = "/var/log/pods/x",
        DnsConfig = new Cri.DNSConfig { Servers = { "10.10.10.10" }, Searches = { "google.com" }, Options = { "ndots:8" } },
        PortMappings = { new Cri.PortMapping { ContainerPort = 80, HostPort = 8080, Protocol = Cri.Protocol.Udp } },
        Labels = { ["a"] = "b" },
        Annotations = { ["c"] = "d" },
        Linux = new Cri.LinuxPodSandboxConfig { CgroupParent = "/kubepods/pod1", Sysctls = { ["net.ipv4.ip_forward"] = "1" } },
    };

    [Fact]
    public void Every_field_arrives()
    {
        var pod = Valid().ToDomain();
        Assert.Equal("default/web/u/2", pod.Metadata.Key);
        Assert.Equal(("web-0", "/var/log/pods/x", "/kubepods/pod1"), (pod.Hostname, pod.LogDirectory, pod.CgroupParent));
        Assert.Equal(["10.10.10.10"], pod.Dns!.Servers);
        Assert.Equal(new PortMapping(PortProtocol.Udp, 80, 8080, ""), Assert.Single(pod.Ports));
        Assert.Equal("b", pod.Labels["a"]);
        Assert.Equal("d", pod.Annotations["c"]);
    }

    [Fact]
    public void What_was_asked_is_echoed()
    {
        var pod = Builders.Pod() with { Config = Valid().ToDomain(), Addresses = ["10.88.0.2", "fd00::2"] };
        var status = pod.ToStatus();
        Assert.Equal(Valid().Metadata, status.Metadata);
        Assert.Equal(Valid().Labels, status.Labels);
        Assert.Equal(Valid().Annotations, status.Annotations);
        Assert.Equal("10.88.0.2", status.Network.Ip);
        Assert.Equal("fd00::2", Assert.Single(status.Network.AdditionalIps).Ip);
        Assert.Equal("", (pod with { State = PodState.NotReady }).ToStatus().Network.Ip);
    }

    [Theory]
    [InlineData("config.metadata.name")]
    [InlineData("config.log_directory")]
    [InlineData("config.hostname")]
    [InlineData("config.port_mappings[0].container_port")]
    [InlineData("config.linux.cgroup_parent")]
    [InlineData("config.linux.sysctls[vm.swappiness]")]
    [InlineData("config.linux.sysctls[net.core.somaxconn]")]
    [InlineData("config.linux.sysctls: net.x/../../y")]
    [InlineData("config.dns_config")]
    public void What_is_wrong_is_named_by_its_field(string field)
    {
        var config = Valid();
        switch (field)
        {
            case "config.metadata.name": config.Metadata.Name = ""; break;
            case "config.log_directory": config.LogDirectory = "logs"; break;
            case "config.hostname": config.Hostname = "a\nb"; break;
            case "config.port_mappings[0].container_port": config.PortMappings[0].ContainerPort = 70000; break;
            case "config.linux.cgroup_parent": config.Linux.CgroupParent = "/a/../../b"; break;
            case "config.linux.sysctls[vm.swappiness]": config.Linux.Sysctls["vm.swappiness"] = "0"; break;
            case "config.linux.sysctls[net.core.somaxconn]": config.Linux.Sysctls["net.core.somaxconn"] = "1\n2"; break;
            case "config.linux.sysctls: net.x/../../y": config.Linux.Sysctls["net.x/../../y"] = "1"; break;
            case "config.dns_config": config.DnsConfig.Servers.Add("1.1.1.1\nnameserver 2.2.2.2"); break;
        }
        var failure = Assert.Throws<SuiteException>(() => config.ToDomain());
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.StartsWith(field, failure.Message);
    }

    private static readonly Cri.IDMapping Map = new() { ContainerId = 0, HostId = 1000, Length = 100_000 };

    public static TheoryData<Cri.UserNamespace> WrongUsers() => new()
    {
        new Cri.UserNamespace { Mode = Cri.NamespaceMode.Container },
        new Cri.UserNamespace { Mode = Cri.NamespaceMode.Target },
        new Cri.UserNamespace { Mode = Cri.NamespaceMode.Pod },
        new Cri.UserNamespace { Mode = Cri.NamespaceMode.Pod, Uids = { Map } },
        new Cri.UserNamespace { Mode = Cri.NamespaceMode.Pod, Uids = { Map, Map }, Gids = { Map } },
        new Cri.UserNamespace { Mode = Cri.NamespaceMode.Pod, Uids = { Map }, Gids = { new Cri.IDMapping { ContainerId = 1, Length = 1 } } },
        new Cri.UserNamespace { Mode = Cri.NamespaceMode.Node, Uids = { Map } },
    };

    [Theory]
    [MemberData(nameof(WrongUsers))]
    public void Users_that_are_no_single_range_from_0_are_refused(Cri.UserNamespace users)
    {
        var failure = Assert.Throws<SuiteException>(() => WithUsers(users).ToDomain());
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains("userns_options", failure.Message);
    }

    [Fact]
    public void Users_of_a_pods_own_are_told_as_asked()
    {
        var users = new Cri.UserNamespace { Mode = Cri.NamespaceMode.Pod, Uids = { Map }, Gids = { Map } };
        var pod = Builders.Pod() with { Config = WithUsers(users).ToDomain() };
        Assert.Equal(new UserMap(new IdRange(1000, 100_000), new IdRange(1000, 100_000)), pod.Config.Users);
        Assert.Equal(users, pod.ToStatus().Linux.Namespaces.Options.UsernsOptions);
        Assert.Null(WithUsers(new Cri.UserNamespace { Mode = Cri.NamespaceMode.Node }).ToDomain().Users);
        var onHost = WithUsers(users);
        onHost.Linux.SecurityContext.NamespaceOptions.Network = Cri.NamespaceMode.Node;
        onHost.Linux.Sysctls.Clear();
        Assert.NotNull(onHost.ToDomain().Users);
    }

    [Fact]
    public void Processes_are_shared_when_that_is_said()
    {
        var config = Valid();
        Assert.False(config.ToDomain().SharesProcesses);
        config.Linux.SecurityContext = new Cri.LinuxSandboxSecurityContext { NamespaceOptions = new Cri.NamespaceOption { Pid = Cri.NamespaceMode.Pod } };
        Assert.True(config.ToDomain().SharesProcesses);
        config.Linux.SecurityContext.NamespaceOptions.Pid = Cri.NamespaceMode.Container;
        Assert.False(config.ToDomain().SharesProcesses);
    }

    private static Cri.PodSandboxConfig WithUsers(Cri.UserNamespace users)
    {
        var config = Valid();
        config.Linux.SecurityContext = new Cri.LinuxSandboxSecurityContext { NamespaceOptions = new Cri.NamespaceOption { UsernsOptions = users } };
        return config;
    }

    [Fact]
    public void A_filter_takes_state_labels_and_the_beginning_of_an_id()
    {
        var pod = Builders.Pod("abc") with { Config = Valid().ToDomain() };
        Assert.True(pod.Matches(null));
        Assert.True(pod.Matches(new Cri.PodSandboxFilter { Id = "ab", LabelSelector = { ["a"] = "b" }, State = new Cri.PodSandboxStateValue { State = Cri.PodSandboxState.SandboxReady } }));
        Assert.False(pod.Matches(new Cri.PodSandboxFilter { LabelSelector = { ["a"] = "x" } }));
        Assert.False(pod.Matches(new Cri.PodSandboxFilter { State = new Cri.PodSandboxStateValue { State = Cri.PodSandboxState.SandboxNotready } }));
    }
}
