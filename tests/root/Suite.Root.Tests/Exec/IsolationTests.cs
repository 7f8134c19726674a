using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed class IsolationTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task The_namespaces_are_the_containers_own_and_the_pods()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        const string script = "for n in pid mnt cgroup ipc uts net; do readlink /proc/self/ns/$n; done; hostname; echo $$";
        var first = (await pod.ShellAsync("one", script)).Output.Split('\n');
        var second = (await pod.ShellAsync("two", script)).Output.Split('\n');
        var host = new[] { "pid", "mnt", "cgroup", "ipc", "uts", "net" }.Select(n => File.ResolveLinkTarget($"/proc/self/ns/{n}", false)!.Name).ToArray();

        // Not compared with the second's: the kernel gives the number of a namespace that is gone to a new one.
        for (var own = 0; own < 3; own++)
            Assert.NotEqual(host[own], first[own]);

        for (var shared = 3; shared < 5; shared++)
        {
            Assert.NotEqual(host[shared], first[shared]);
            Assert.Equal(second[shared], first[shared]);
        }

        // The pod was given no network namespace, which is the host's network.
        Assert.Equal(host[5], first[5]);
        Assert.Equal("podhost", first[6]);
        Assert.Equal("1", first[7]);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task No_mount_of_a_container_shows_on_the_host()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("sleep", pod.Spec("sleep", "sleep", "60"));
        Assert.DoesNotContain(pod.Folder.FullName, await File.ReadAllTextAsync("/proc/self/mountinfo", ExecFixture.Token), StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Nothing_of_the_host_is_left_in_the_containers_mounts()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var (_, output) = await pod.ShellAsync("mounts", "cut -d' ' -f2 /proc/mounts | sort -u");
        var points = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.StartsWith("/sys/fs/cgroup/", StringComparison.Ordinal));
        var masked = new[] { "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger" };
        Assert.Equal(["/", "/dev", "/dev/mqueue", "/dev/pts", "/dev/shm", "/proc", "/sys", "/sys/fs/cgroup"], points.Except(masked).Order(StringComparer.Ordinal));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task The_capabilities_and_no_new_privs_are_those_of_the_spec()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var (_, output) = await pod.ShellAsync("caps", "grep -E '^(Cap|NoNewPrivs)' /proc/self/status");
        Assert.Equal(
            "CapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\n",
            output);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_user_is_looked_up_in_the_image_and_loses_root()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var (exit, output) = await pod.RunAsync("user", pod.Spec("user", "sh", "-c", "id -u; id -g; echo $HOME; grep CapEff /proc/self/status; echo x > /dev/stderr"), user: "nobody");
        Assert.Equal(0, exit.Code);
        Assert.StartsWith("65534\n65534\n/\nCapEff:\t0000000000000000\n", output, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Masked_paths_are_empty_and_protected_ones_refuse_writes()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var (_, output) = await pod.ShellAsync("mask", "wc -c < /proc/timer_list; ls /sys/firmware | wc -l; touch /sys/firmware/x; echo 1 > /proc/sys/kernel/panic; true");
        Assert.StartsWith("0\n0\n", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split("Read-only file system").Length - 1);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_read_only_root_refuses_writes_and_its_tmpfs_do_not()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("ro", "sh", "-c", "touch /x; touch /dev/shm/y && echo shm");
        var (_, output) = await pod.RunAsync("ro", spec with { Root = spec.Root! with { Readonly = true } });
        Assert.Contains("touch: /x: Read-only file system\n", output, StringComparison.Ordinal);
        Assert.Contains("shm\n", output, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Nothing_but_the_three_streams_is_open_and_signals_are_as_a_program_expects()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var (_, output) = await pod.RunAsync("fds", pod.Spec("fds", "busybox", "sh", "-c", "ls /proc/self/fd; grep -E '^(SigBlk|SigIgn)' /proc/self/status; cat /proc/self/oom_score_adj; umask"));
        Assert.Equal("0\n1\n2\n3\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0\n0022\n", output);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Containers_of_a_pod_share_memory_and_the_host_does_not_see_it()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.ShellAsync("write", "echo shared > /dev/shm/note");
        Assert.Equal("shared\n", (await pod.ShellAsync("read", "cat /dev/shm/note")).Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(pod.Pod.SharedMemoryPath));
    }

    /// <summary>CVE-2023-27561, CVE-2023-28642.</summary>
    [RootTheory(Needs = Need.Busybox)]
    [InlineData("proc", "proc")]
    [InlineData("sys", "sysfs")]
    public async Task A_folder_of_the_kernels_that_is_a_link_in_the_image_is_not_followed(string folder, string type)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        Directory.Delete(Path.Combine(pod.Image, folder));
        File.CreateSymbolicLink(Path.Combine(pod.Image, folder), "/tmp");
        var failure = await Assert.ThrowsAsync<Suite.Runtime.Exec.Shims.StartFailedException>(() => pod.StartAsync("link", pod.Spec("link", "true")));
        Assert.Contains($"mount {type} on /{folder}", failure.Message, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_dev_that_is_a_link_in_the_image_stays_inside_it()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        Directory.Delete(Path.Combine(pod.Image, "dev"));
        File.CreateSymbolicLink(Path.Combine(pod.Image, "dev"), "../../../../../../../../tmp");
        var before = Directory.Exists("/tmp/pts");
        var (exit, _) = await pod.ShellAsync("dev", "test -c /tmp/null && test -c /dev/null");
        Assert.Equal(0, exit.Code);
        Assert.Equal(before, Directory.Exists("/tmp/pts"));
    }
}
