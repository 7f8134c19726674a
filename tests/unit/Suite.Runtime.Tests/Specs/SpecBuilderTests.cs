using System.Text.Json;
using Suite.Oci.Runtime;
using Suite.Runtime.Containers;
using Suite.Runtime.Specs;

namespace Suite.Runtime.Tests.Specs;

public sealed class SpecBuilderTests
{
    [Fact]
    public void A_plain_container_is_the_golden_one() =>
        Golden.Check("plain", Text(Builders.Inputs(Builders.Config() with { Command = ["httpd", "-f"] }, new ImageDefaults { Environment = ["LANG=C"], WorkingDirectory = "srv" })));

    [Fact]
    public void A_container_with_everything_is_the_golden_one() => Golden.Check("full", Text(Builders.Inputs(Builders.Config() with
    {
        WorkingDirectory = "/work",
        Environment = ["A=1"],
        Tty = true,
        Mounts =
        [
            new BindMount("/srv/data", "/data", ReadOnly: true),
            new BindMount("/srv/shared", "/shared", ReadOnly: false) { Propagation = Propagation.HostToContainer, Options = ["noexec"] },
            new BindMount("/srv/hosts", "/etc/hosts", ReadOnly: false),
        ],
        Resources = new ContainerResources { MemoryBytes = 64 << 20, CpuShares = 512, CpuQuota = 50_000, CpuPeriod = 100_000, PidsLimit = 50, OomScoreAdjust = 1001 },
        Security = ContainerSecurity.Default with { ReadOnlyRootfs = true, NoNewPrivileges = true, DropCapabilities = ["ALL"], AddCapabilities = ["NET_BIND_SERVICE"] },
    })));

    [Fact]
    public void Privileged_hides_nothing_and_forbids_no_device()
    {
        var spec = SpecBuilder.Build(Builders.Inputs(Builders.Config() with { Security = new ContainerSecurity { Privileged = true } }));
        Assert.Null(spec.Linux!.MaskedPaths);
        Assert.Null(spec.Linux.ReadonlyPaths);
        Assert.Equal([new DeviceRule { Allow = true, Access = "rwm" }], spec.Linux.Resources!.Devices);
        Assert.Contains(spec.Mounts!, mount => mount.Destination == "/sys" && mount.Options!.Contains("rw"));
    }

    [Fact]
    public void The_hosts_pids_need_no_namespace()
    {
        var modes = new Pods.NamespaceModes(Pods.NamespaceMode.Pod, Pods.NamespaceMode.Node, Pods.NamespaceMode.Pod, "");
        var spec = SpecBuilder.Build(Builders.Inputs(Builders.Config() with { Security = new ContainerSecurity { Namespaces = modes } }));
        Assert.DoesNotContain(spec.Linux!.Namespaces!, entry => entry.Type == NamespaceTypes.Pid);
    }

    [Fact]
    public void What_is_known_before_the_image_is_a_part_of_the_whole()
    {
        var inputs = Builders.Inputs(Builders.Config() with { Mounts = [new BindMount("/srv/data", "/data", ReadOnly: true)] }) with
        {
            Devices = [new ResolvedDevice("/dev/fuse", "c", 10, 229, 0x1b6, 0, 0, "rwm")],
        };
        var (whole, ahead) = (SpecBuilder.Build(inputs), SpecBuilder.BuildAhead(inputs with { User = null }));
        Assert.Equal(whole.Linux!.CgroupsPath, ahead.Linux!.CgroupsPath);
        Assert.Equal(whole.Linux.Namespaces, ahead.Linux.Namespaces);
        Assert.Equal(whole.Linux.RootfsPropagation, ahead.Linux.RootfsPropagation);
        Assert.Equal(JsonSerializer.Serialize(whole.Mounts), JsonSerializer.Serialize(ahead.Mounts));
        Assert.Equal(JsonSerializer.Serialize(whole.Linux.Devices), JsonSerializer.Serialize(ahead.Linux.Devices));
    }

    private static string Text(SpecInputs inputs) =>
        JsonSerializer.Serialize(SpecBuilder.Build(inputs), new RuntimeJson(new JsonSerializerOptions(RuntimeJson.Default.Options) { WriteIndented = true }).Spec);
}
