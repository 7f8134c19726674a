using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Tests.Plans;

public sealed class SpecValidationTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "no process", "process: " },
        { "no root", "root: " },
        { "relative root", "root.path: " },
        { "no arguments", "process.args: " },
        { "relative cwd", "process.cwd: " },
        { "bad variable", "process.env: " },
        { "unknown capability", "process.capabilities.bounding: \"CAP_FLY\"" },
        { "unknown rlimit", "process.rlimits[0].type: " },
        { "soft above hard", "process.rlimits[0].soft: " },
        { "score", "process.oomScoreAdj: " },
        { "no mount namespace", "linux.namespaces: " },
        { "namespace twice", "linux.namespaces[1]: pid is listed twice" },
        { "unknown namespace", "linux.namespaces[1].type: " },
        { "cgroup leaves", "linux.cgroupsPath: " },
        { "mount on root", "mounts[0].destination: " },
        { "mount without type", "mounts[0].type: " },
        { "bind with data", "mounts[0].options: " },
        { "host sysctl", "linux.sysctl[kernel.panic]: " },
        { "sysctl injection", "linux.sysctl[kernel.shmmax+kernel.core_pattern]: " },
        { "sysctl of the pod", "linux.sysctl[net.core.somaxconn]: " },
        { "hostname of the pod", "hostname: " },
        { "device", "linux.devices[0].type: " },
        { "cpus", "linux.resources.cpu.cpus: " },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_field_is_named(string what, string beginning)
    {
        var failure = Assert.Throws<SuiteException>(() => ContainerPlan.From(Make(what), Specs.Options));
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.StartsWith(beginning, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_built_is_refused_and_not_left_out_in_silence()
    {
        var spec = Specs.Full;
        var failure = Assert.Throws<SuiteException>(
            () => ContainerPlan.From(spec with { Linux = spec.Linux! with { IntelRdt = new IntelRdt() } }, Specs.Options));
        Assert.Equal(ErrorKind.Unsupported, failure.Kind);
        Assert.StartsWith("linux.intelRdt: ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void An_id_that_would_be_a_path_is_refused(string id) =>
        Assert.Throws<SuiteException>(() => ContainerPlan.From(Specs.Full, Specs.Options with { Id = id }));

    private static Spec Make(string what)
    {
        var spec = Specs.Full;
        var (process, linux) = (spec.Process!, spec.Linux!);
        Spec With(Process changed) => spec with { Process = changed };
        Spec Linux(LinuxSpec changed) => spec with { Linux = changed };
        Spec Mounted(Mount mount) => spec with { Mounts = [mount] };
        Spec Sysctl(string name) => Linux(linux with { Sysctl = new Dictionary<string, string> { [name] = "1" }, Namespaces = [new() { Type = "mount" }, new() { Type = "uts" }] });
        return what switch
        {
            "no process" => spec with { Process = null },
            "no root" => spec with { Root = null },
            "relative root" => spec with { Root = new Root { Path = "rootfs" } },
            "no arguments" => With(process with { Args = [] }),
            "relative cwd" => With(process with { Cwd = "srv" }),
            "bad variable" => With(process with { Env = ["=x"] }),
            "unknown capability" => With(process with { Capabilities = new Capabilities { Bounding = ["CAP_FLY"] } }),
            "unknown rlimit" => With(process with { Rlimits = [new Rlimit { Type = "RLIMIT_FUN" }] }),
            "soft above hard" => With(process with { Rlimits = [new Rlimit { Type = "RLIMIT_CPU", Soft = 2, Hard = 1 }] }),
            "score" => With(process with { OomScoreAdj = 1001 }),
            "no mount namespace" => Linux(linux with { Namespaces = [new() { Type = "pid" }] }),
            "namespace twice" => Linux(linux with { Namespaces = [new() { Type = "pid" }, new() { Type = "pid" }] }),
            "unknown namespace" => Linux(linux with { Namespaces = [new() { Type = "mount" }, new() { Type = "moon" }] }),
            "cgroup leaves" => Linux(linux with { CgroupsPath = "/suite/../other" }),
            "mount on root" => Mounted(new Mount { Destination = "/", Type = "tmpfs" }),
            "mount without type" => Mounted(new Mount { Destination = "/x" }),
            "bind with data" => Mounted(new Mount { Destination = "/x", Type = "bind", Source = "/y", Options = ["size=1"] }),
            "host sysctl" => Sysctl("kernel.panic"),
            "sysctl injection" => Sysctl("kernel.shmmax+kernel.core_pattern"),
            "sysctl of the pod" => Sysctl("net.core.somaxconn"),
            "hostname of the pod" => Linux(linux with { Namespaces = [new() { Type = "mount" }] }),
            "device" => Linux(linux with { Devices = [new LinuxDevice { Type = "x", Path = "/dev/x" }] }),
            "cpus" => Linux(linux with { Resources = new LinuxResources { Cpu = new CpuResources { Cpus = "all" } } }),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }
}
