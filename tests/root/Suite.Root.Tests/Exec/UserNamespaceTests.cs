using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed class UserNamespaceTests
{
    private static readonly IdMapping[] Map = [new() { ContainerID = 0, HostID = 200_000, Size = 65_536 }];

    [RootFact(Needs = Need.Busybox)]
    public async Task Root_of_a_container_with_users_of_its_own_is_nobody_on_the_host_and_its_files_are_stored_as_roots()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = Mapped(pod.Spec("u", "sh", "-c", "id -u; cat /proc/self/uid_map; stat -c %u /bin/busybox; touch /mine && stat -c %u /mine; chown 5:6 /mine; echo out > /dev/stdout; exec sleep 60"), "user", "ipc", "uts", "network");
        await pod.StartIdMappedAsync("u", spec);
        await pod.WaitForLineAsync("u", "out");
        var lines = pod.Output("u").Split('\n');
        Assert.Equal("0", lines[0]);
        Assert.Equal(["0", "200000", "65536"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["0", "0"], lines[2..4]);

        var pid = (await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers[0].Pid;
        Assert.Contains("Uid:\t200000\t200000", await File.ReadAllTextAsync($"/proc/{pid}/status", ExecFixture.Token), StringComparison.Ordinal);
        // No file is given to another owner: what the container's user 5 has is stored as user 5's.
        Assert.Equal((5u, 6u), Owner.Of(pod.Folder.Path("rw", "u", "upper", "mine")));

        var (output, _) = await pod.ExecAsync("u", "sh", "-c", "id -u; readlink /proc/self/ns/user; echo exec > /dev/stderr; touch /second");
        Assert.StartsWith("0\n" + new FileInfo($"/proc/{pid}/ns/user").LinkTarget + "\n", output, StringComparison.Ordinal);
        Assert.Equal((0u, 0u), Owner.Of(pod.Folder.Path("rw", "u", "upper", "second")));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_pods_network_ipc_and_process_1_belong_to_its_user_namespace_and_its_containers_share_them()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller(), plan => plan with
        {
            UidMappings = Map,
            GidMappings = Map,
            OwnNetwork = true,
            SharedPids = true,
            Sysctls = new Dictionary<string, string> { ["net.ipv4.ip_unprivileged_port_start"] = "7", ["kernel.shm_rmid_forced"] = "1" },
        });
        async Task<string[]> StartAsync(string id)
        {
            var spec = pod.Spec(id, "sh", "-c", "for n in net user ipc pid; do echo -n \"$(readlink /proc/self/ns/$n) \"; done; echo; cat /proc/sys/net/ipv4/ip_unprivileged_port_start; hostname; cat /proc/1/comm; ls -d /sys/class/net/lo; echo ok; exec sleep 60");
            spec = spec with { Linux = spec.Linux! with { Namespaces = [new() { Type = "user", Path = pod.Pod.UserNamespacePath }, new() { Type = "pid", Path = pod.Pod.PidNamespacePath }, new() { Type = "mount" }, new() { Type = "cgroup" }] } };
            await pod.StartIdMappedAsync(id, spec);
            await pod.WaitForLineAsync(id, "ok");
            return pod.Output(id).Split('\n');
        }

        var first = await StartAsync("a");
        var second = await StartAsync("b");
        // The kernel says memfd: before the name since 6.14.
        Assert.Equal(["7", "podhost", "pod", "/sys/class/net/lo", "ok"], first[1..6].Select(line => line.Replace("memfd:", "", StringComparison.Ordinal)));
        Assert.Equal(first[0], second[0]);
        Assert.Equal(first[0].Split(' ')[0], File.ResolveLinkTarget(pod.Pod.NamespaceFile(pod.Shim.Pid, "net"), false)?.Name ?? first[0].Split(' ')[0]);
        Assert.NotEqual(new FileInfo("/proc/self/ns/net").LinkTarget, first[0].Split(' ')[0]);
        // Each sees the other's processes.
        var (output, _) = await pod.ExecAsync("a", "sh", "-c", "ps -o args | grep -c '^sleep 60'");
        Assert.Equal("2\n", output);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Process_1_of_a_pod_clears_away_orphans_and_lives_on_when_a_container_ends()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller(), plan => plan with { SharedPids = true });
        Spec In(Spec spec) => spec with { Linux = spec.Linux! with { Namespaces = [new() { Type = "pid", Path = pod.Pod.PidNamespacePath }, new() { Type = "mount" }, new() { Type = "cgroup" }] } };
        await pod.StartAsync("host", In(pod.Spec("host", "sleep", "60")));
        var (exit, output) = await pod.RunAsync("o", In(pod.Spec("o", "sh", "-c", "cat /proc/1/comm; (sleep 0.01 & ) ; (sh -c 'true' & ); sleep 0.2; ls /proc/1/root/ 2>&1; ps -o stat,args | grep -c '^Z'")));
        Assert.Contains("pod\n", output, StringComparison.Ordinal);
        Assert.EndsWith("\n0\n", output, StringComparison.Ordinal);
        Assert.Contains("Permission denied", output, StringComparison.Ordinal);
        Assert.Equal(1, exit.Code);
        var (alive, _) = await pod.ExecAsync("host", "cat", "/proc/1/comm");
        Assert.EndsWith("pod\n", alive, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_bind_mount_can_show_other_owners_than_are_stored()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var data = pod.Folder.Folder("data");
        File.WriteAllText(Path.Combine(data, "file"), "");
        var spec = pod.Spec("b", "sh", "-c", "stat -c %u:%g /data/file; touch /data/new");
        spec = spec with { Mounts = [.. spec.Mounts!, new() { Destination = "/data", Type = "bind", Source = data, Options = ["bind"], UidMappings = [new() { ContainerID = 0, HostID = 1000, Size = 10 }], GidMappings = [new() { ContainerID = 0, HostID = 2000, Size = 10 }] }] };
        var (_, output) = await pod.RunAsync("b", spec);
        Assert.StartsWith("1000:2000\n", output, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Clocks_of_a_time_namespace_are_ahead_and_a_later_process_has_the_same()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("t", "sh", "-c", "cut -d. -f1 /proc/uptime; echo ok; exec sleep 60");
        spec = spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "time" }], TimeOffsets = new Dictionary<string, TimeOffset> { ["boottime"] = new() { Secs = 1_000_000_000 }, ["monotonic"] = new() { Secs = 5 } } } };
        await pod.StartAsync("t", spec);
        await pod.WaitForLineAsync("t", "ok");
        Assert.True(long.Parse(pod.Output("t").Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture) > 1_000_000_000);
        var (output, _) = await pod.ExecAsync("t", "sh", "-c", "cut -d. -f1 /proc/uptime");
        Assert.True(long.Parse(output, System.Globalization.CultureInfo.InvariantCulture) > 1_000_000_000);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_step_that_fails_before_the_user_namespace_is_named_and_leaves_nothing()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = Mapped(pod.Spec("f", "true"), "user", "ipc", "network");
        spec = spec with { Mounts = [.. spec.Mounts!, new() { Destination = "/data", Type = "bind", Source = "/nowhere/at/all", Options = ["bind"] }] };
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartIdMappedAsync("f", spec));
        Assert.Contains("/nowhere/at/all", failure.Message, StringComparison.Ordinal);
        Assert.Equal(128, failure.ExitCode);
    }

    private static Spec Mapped(Spec spec, params string[] types) => spec with
    {
        Linux = spec.Linux! with { UidMappings = Map, GidMappings = Map, Namespaces = [.. spec.Linux.Namespaces!, .. types.Select(type => new LinuxNamespace { Type = type })] },
    };
}
