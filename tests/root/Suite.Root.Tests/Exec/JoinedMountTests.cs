using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>A container in a mount namespace that was there before it.</summary>
public sealed class JoinedMountTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task It_has_its_own_root_there_and_leaves_the_namespace_as_it_was()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        using var holder = new MountHolder();
        var before = holder.Mounts;
        var spec = In(holder, pod.Spec("j", "sh", "-c", "readlink /proc/self/ns/mnt; ls -d /bin /proc/self; echo mine > /mine; echo ready; exec sleep 600"));
        await pod.StartAsync("j", spec);
        await pod.WaitForLineAsync("j", "ready");
        Assert.StartsWith($"{holder.Namespace}\n/bin\n/proc/self\n", pod.Output("j"), StringComparison.Ordinal);
        // Who was in it before sees the mounts of the container, and has the root it had.
        Assert.Contains(holder.Mounts, line => line.Split(' ')[4] == pod.Pod.RootPath);
        Assert.Equal("/", new FileInfo($"/proc/{holder.Pid}/root").LinkTarget);
        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(pod.Folder.FullName, StringComparison.Ordinal));

        // A later process is in the container's root, not in the namespace's.
        var (output, _) = await pod.ExecAsync("j", "sh", "-c", "cat /mine; readlink /proc/self/ns/mnt; ls /work 2>&1 | head -1; cd ..; cd ..; pwd");
        Assert.StartsWith($"mine\n{holder.Namespace}\n", output, StringComparison.Ordinal);
        Assert.EndsWith("/\n", output, StringComparison.Ordinal);

        await pod.Shim.SignalAsync("j", 9, all: true, ExecFixture.Token);
        await pod.ExitOfAsync("j");
        await pod.Shim.DeleteContainerAsync("j", ExecFixture.Token);
        await holder.AwaitAsync(before);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_start_that_fails_leaves_no_mount_in_it()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        using var holder = new MountHolder();
        var before = holder.Mounts;
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("j", In(holder, pod.Spec("j", "no-such-program"))));
        Assert.Equal(127, failure.ExitCode);
        await holder.AwaitAsync(before);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_path_that_is_no_mount_namespace_is_refused()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("j", "true");
        spec = spec with { Linux = spec.Linux! with { Namespaces = [new() { Type = "pid" }, new() { Type = "mount", Path = "/proc/self/ns/uts" }, new() { Type = "cgroup" }] } };
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("j", spec));
        Assert.Contains("join the mount namespace /proc/self/ns/uts", failure.Message, StringComparison.Ordinal);
    }

    private static Spec In(MountHolder holder, Spec spec) => spec with
    {
        Linux = spec.Linux! with { Namespaces = [new() { Type = "pid" }, new() { Type = "mount", Path = $"/proc/{holder.Pid}/ns/mnt" }, new() { Type = "cgroup" }] },
        // The pod's own is in the mount namespace of its shim.
        Mounts = [.. spec.Mounts!.Where(mount => mount.Destination != "/dev/shm")],
    };
}
