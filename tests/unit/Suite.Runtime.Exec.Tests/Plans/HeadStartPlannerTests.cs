using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Tests.Plans;

public sealed class HeadStartPlannerTests
{
    private static readonly ContainerOptions Options = Specs.Options with { PodDirectory = "/run/suite/pods/p" };

    private static Spec Plain => Specs.Full with
    {
        Linux = Specs.Full.Linux! with { Namespaces = [new() { Type = "pid" }, new() { Type = "mount" }, new() { Type = "cgroup" }], Sysctl = null },
        Hostname = null,
        Mounts = [.. Specs.Full.Mounts!, new() { Destination = "/etc/hosts", Type = "bind", Source = "/run/suite/pods/p/hosts", Options = ["rbind", "rprivate"] }],
    };

    [Fact]
    public void It_is_what_no_root_changes()
    {
        Assert.Equal(
            """
            container web
            clone for /suite/pod1/web with new pid mount
            make the mounts rslave
            mount proc on /proc (nosuid, nodev, noexec)
            mount tmpfs on /dev (nosuid, strictatime, mode=755, size=65536k)
            mount the cgroups on /sys/fs/cgroup (ro)
            rbind /run/suite/pods/p/hosts on /etc/hosts (rprivate)
            make the device /dev/null c 1:3 0666
            make the device /dev/zero c 1:5 0666
            make the device /dev/full c 1:7 0666
            make the device /dev/random c 1:8 0666
            make the device /dev/urandom c 1:9 0666
            make the device /dev/tty c 5:0 0666
            link /dev/fd to /proc/self/fd
            link /dev/stdin to /proc/self/fd/0
            link /dev/stdout to /proc/self/fd/1
            link /dev/stderr to /proc/self/fd/2
            link /dev/ptmx to pts/ptmx

            """,
            ContainerPlan.HeadStart(Plain, Options)!.ToString());
    }

    [Fact]
    public void All_of_it_is_in_the_plan()
    {
        var steps = ContainerPlan.HeadStart(Plain, Options)!.ToString().Split('\n');
        Assert.Subset(ContainerPlan.From(Plain, Options).ToString().Split('\n').ToHashSet(), steps.ToHashSet());
    }

    [Fact]
    public void What_a_mount_is_to_find_in_dev_is_left_to_the_plan()
    {
        var spec = Plain with { Mounts = [.. Plain.Mounts!, new() { Destination = "/dev/fd/3", Type = "tmpfs", Source = "tmpfs" }, new() { Destination = "/dev/null", Type = "bind", Source = "/null" }] };
        var text = ContainerPlan.HeadStart(spec, Options)!.ToString();
        Assert.DoesNotContain("link /dev/fd ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("device /dev/null", text, StringComparison.Ordinal);
        Assert.Contains("device /dev/zero", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tmpfs", "tmpcopyup")]
    [InlineData("tmpfs", "idmap")]
    [InlineData("overlay", "lowerdir=/a:/b")]
    [InlineData("bind", "rshared")]
    public void What_needs_the_root_or_the_host_is_not_in_it(string type, string option)
    {
        var spec = Plain with { Mounts = [.. Plain.Mounts!, new() { Destination = "/special", Type = type, Source = "/run/suite/pods/p/source", Options = [option] }] };
        Assert.DoesNotContain("/special", ContainerPlan.HeadStart(spec, Options)!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_pod_no_source_is_sure_to_stay_the_same() =>
        Assert.DoesNotContain("/etc/hosts", ContainerPlan.HeadStart(Plain, Specs.Options)!.ToString(), StringComparison.Ordinal);

    public static TheoryData<string, LinuxNamespace[]> Others => new()
    {
        { "the runtime's pids", [new() { Type = "mount" }] },
        { "the runtime's mounts", [new() { Type = "pid" }] },
        { "shared pids", [new() { Type = "pid", Path = "/proc/1/ns/pid" }, new() { Type = "mount" }] },
        { "shared mounts", [new() { Type = "pid" }, new() { Type = "mount", Path = "/proc/1/ns/mnt" }] },
        { "users", [new() { Type = "pid" }, new() { Type = "mount" }, new() { Type = "user", Path = "/proc/1/ns/user" }] },
        { "another network", [new() { Type = "pid" }, new() { Type = "mount" }, new() { Type = "network", Path = "/proc/1/ns/net" }] },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void There_is_none_where_others_see_the_init_or_another_goes_on(string what, LinuxNamespace[] namespaces) =>
        Assert.True(ContainerPlan.HeadStart(Plain with { Linux = Plain.Linux! with { Namespaces = namespaces } }, Options) is null, what);
}
