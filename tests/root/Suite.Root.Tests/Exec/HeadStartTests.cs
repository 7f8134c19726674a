using System.Globalization;
using Suite.Linux.Cgroups;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>Inits that begin before there is a plan for them. That nothing is left of one is seen by the fixture, too.</summary>
public sealed class HeadStartTests
{
    private const string Surroundings =
        """
        cut -d' ' -f4- /proc/self/mountinfo | sed 's/master:[0-9]*//; s/lowerdir.*//; s/[a-z0-9]*\/c$/c/' | sort
        ls -lna /dev | sed 's/ [A-Z][a-z][a-z] .*:[0-9][0-9]//' | sort
        ls -ln /sys/fs/cgroup | wc -l; ls -ld /proc/1 /dev/shm /dev/pts /sys/fs/cgroup | cut -c1-10
        cat /proc/self/cgroup | sort; grep -E '^(Cap|Seccomp|NoNewPrivs|Uid|Gid|Groups|Umask)' /proc/self/status
        cat /proc/self/oom_score_adj; ls /proc/self/fd | wc -l; hostname; id; pwd; echo $$; awk '{print $5, $6, $7}' /proc/$$/stat
        """;

    [RootFact(Needs = Need.Busybox)]
    public async Task A_container_with_a_head_start_is_like_any_other()
    {
        await using var plain = await ExecFixture.StartAsync(InstanceName.OfCaller() + "a");
        await plain.Shim.AnnounceContainerAsync("c", $"{plain.Pod.CgroupPath}/c", CgroupLimits.None, null, ExecFixture.Token);
        var (_, expected) = await plain.ShellAsync("c", Surroundings);

        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller() + "b");
        var init = await AnnounceAsync(pod, "c", pod.Spec("c", "sh", "-c", Surroundings));
        var (exit, output) = await pod.ShellAsync("c", Surroundings);
        Assert.Equal(0, exit.Code);
        Assert.Equal(expected.Replace(plain.Instance, "instance", StringComparison.Ordinal), output.Replace(pod.Instance, "instance", StringComparison.Ordinal));
        Assert.False(Directory.Exists($"/proc/{init}"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task It_is_the_process_that_waited()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("c", "sleep", "60");
        var init = await AnnounceAsync(pod, "c", spec);
        await pod.Shim.CreateContainerAsync("c", new ContainerStreams(), ExecFixture.Token);
        Assert.Equal(init, (await pod.Shim.StartContainerAsync(pod.Plan("c", spec), ExecFixture.Token)).Pid);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task What_the_plan_does_not_have_is_not_in_the_container()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var announced = pod.Spec("c", "true");
        announced = announced with
        {
            Mounts = [.. announced.Mounts!, new() { Destination = "/surplus", Type = "tmpfs", Source = "tmpfs" }],
            Linux = announced.Linux! with { Devices = [new() { Path = "/dev/surplus", Type = "c", Major = 1, Minor = 3 }] },
        };
        _ = await AnnounceAsync(pod, "c", announced);
        _ = await AnnounceAsync(pod, "d", announced with { Linux = announced.Linux with { CgroupsPath = $"{pod.Pod.CgroupPath}/d" } });
        var plain = pod.Spec("c", "sh", "-c", "cat /proc/mounts; ls /dev; grep -c . /proc/self/mounts > /dev/null");
        var (exit, output) = await pod.RunAsync("c", plain);
        Assert.Equal(0, exit.Code);
        Assert.DoesNotContain("surplus", output, StringComparison.Ordinal);
        Assert.Contains("urandom\n", output, StringComparison.Ordinal);
        Assert.Contains("stdin\n", output, StringComparison.Ordinal);

        // Its /dev is another one, so that the nodes are not where they were made.
        plain = pod.Spec("d", plain.Process!.Args!.ToArray());
        (exit, output) = await pod.RunAsync("d", plain with
        {
            Mounts = [.. plain.Mounts!.Select(mount => mount.Destination == "/dev" ? mount with { Options = ["nosuid", "mode=755", "size=32k"] } : mount)],
        });
        Assert.Equal(0, exit.Code);
        Assert.DoesNotContain("surplus", output, StringComparison.Ordinal);
        Assert.Contains("size=32k", output, StringComparison.Ordinal);
        Assert.Contains("urandom\n", output, StringComparison.Ordinal);
        Assert.Contains("stdin\n", output, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task What_is_mounted_on_a_node_or_where_a_link_would_be_finds_its_place()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        File.WriteAllText(pod.Folder.Path("text"), "not full\n");
        var spec = pod.Spec("c", "sh", "-c", "cat /dev/full /dev/fd/inside");
        File.WriteAllText(Path.Combine(pod.Folder.Folder("fd"), "inside"), "a folder\n");
        spec = spec with
        {
            Mounts =
            [
                .. spec.Mounts!,
                new() { Destination = "/dev/full", Type = "bind", Source = pod.Folder.Path("text"), Options = ["bind", "ro"] },
                new() { Destination = "/dev/fd", Type = "bind", Source = pod.Folder.Path("fd"), Options = ["bind", "ro"] },
            ],
        };
        _ = await AnnounceAsync(pod, "c", spec);
        var (_, output) = await pod.RunAsync("c", spec);
        Assert.Equal("not full\na folder\n", output);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task What_fails_ahead_fails_in_the_start_which_says_why()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("c", "true");
        spec = spec with { Mounts = [.. spec.Mounts!, new() { Destination = "/mnt", Type = "tmpfs", Source = "tmpfs", Options = ["size=nonsense"] }] };
        _ = await AnnounceAsync(pod, "c", spec);
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("c", spec));
        Assert.Contains("mount tmpfs on /mnt", failure.Message, StringComparison.Ordinal);
        Assert.Contains("size", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Children(pod));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_place_that_cannot_be_made_is_told_with_its_step()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("c", "true");
        File.WriteAllText(Path.Combine(pod.Image, "file"), "");
        spec = spec with { Mounts = [.. spec.Mounts!, new() { Destination = "/file/in", Type = "tmpfs", Source = "tmpfs" }] };
        _ = await AnnounceAsync(pod, "c", spec);
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("c", spec));
        Assert.StartsWith("mount tmpfs on /file/in", failure.Message, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_is_killed_while_it_waits_is_replaced()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var init = await AnnounceAsync(pod, "c", pod.Spec("c", "true"));
        using (var process = System.Diagnostics.Process.GetProcessById(init))
            process.Kill();
        await UntilGoneAsync(init);
        var (exit, output) = await pod.ShellAsync("c", "echo here");
        Assert.Equal((0, "here\n"), (exit.Code, output));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_the_plan_wants_otherwise_is_replaced()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var init = await AnnounceAsync(pod, "c", pod.Spec("c", "true"));
        var spec = pod.Spec("c", "sh", "-c", "echo $$");
        var (_, output) = await pod.RunAsync("c", spec with { Linux = spec.Linux! with { Namespaces = [new() { Type = "mount" }, new() { Type = "cgroup" }] } });
        // The host's pid, as there is no pid namespace.
        Assert.NotEqual(init.ToString(CultureInfo.InvariantCulture), output.Trim());
        Assert.NotEqual("1", output.Trim());
        Assert.Empty(Children(pod));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_never_gets_a_plan_ends_with_its_announcement_and_with_its_pod()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var before = pod.Descriptors();
        var first = await AnnounceAsync(pod, "taken-back", pod.Spec("taken-back", "true"));
        await pod.Shim.DeleteContainerAsync("taken-back", ExecFixture.Token);
        Assert.False(Directory.Exists($"/proc/{first}"));
        Assert.Equal(before, pod.Descriptors());

        var second = await AnnounceAsync(pod, "left", pod.Spec("left", "true"));
        await pod.Shim.ShutdownAsync(ExecFixture.Token);
        Assert.False(Directory.Exists($"/proc/{second}"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_dies_with_its_shim()
    {
        var instance = InstanceName.OfCaller();
        await using var pod = await ExecFixture.StartAsync(instance);
        var init = await AnnounceAsync(pod, "c", pod.Spec("c", "true"));
        using (var shim = System.Diagnostics.Process.GetProcessById(pod.Shim.Pid))
            shim.Kill();
        await pod.Shim.Closed.WaitAsync(TimeSpan.FromSeconds(10), ExecFixture.Token);
        await UntilGoneAsync(init);
        await ShimRemains.RemoveAsync(pod.Pod.CgroupPath, pod.Pod.Directory, null, ExecFixture.Token);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_has_waited_for_long_ends_and_the_start_makes_another()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var before = pod.Descriptors();
        var init = await AnnounceAsync(pod, "c", pod.Spec("c", "true"));
        await UntilGoneAsync(init);
        Assert.Equal(before, pod.Descriptors());
        var (exit, output) = await pod.ShellAsync("c", "echo late");
        Assert.Equal((0, "late\n"), (exit.Code, output));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_waits_holds_nobody_elses_streams_or_connections()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.CreateContainerAsync("reads", new ContainerStreams { LogPath = pod.LogPath("reads"), Input = true }, ExecFixture.Token);
        await pod.Shim.StartContainerAsync(pod.Plan("reads", pod.Spec("reads", "cat")), ExecFixture.Token);
        var init = await AnnounceAsync(pod, "waits", pod.Spec("waits", "true"));
        await using (var streams = await pod.Shim.AttachAsync("reads", input: true, ExecFixture.Token))
        {
            await streams.Input!.WriteAsync("to the end\n"u8.ToArray(), ExecFixture.Token);
        }

        // With a copy of its writing end, the reader would wait for ever.
        await pod.Shim.CloseInputAsync("reads", ExecFixture.Token);
        Assert.Equal(0, (await pod.ExitOfAsync("reads")).Code);
        Assert.Equal("to the end\n", pod.Output("reads"));
        var open = Directory.EnumerateFileSystemEntries($"/proc/{init}/fd").Select(entry => new FileInfo(entry).LinkTarget).ToList();
        Assert.DoesNotContain(open, target => target!.StartsWith("pipe:", StringComparison.Ordinal) || target.Contains("epoll", StringComparison.Ordinal));
        Assert.Single(open, target => target!.StartsWith("socket:", StringComparison.Ordinal));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Its_terminal_and_its_size_come_with_the_plan()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("c", "stty", "size");
        spec = spec with { Process = spec.Process! with { Terminal = true } };
        _ = await AnnounceAsync(pod, "c", spec);
        await pod.StartAsync("c", spec, new ContainerStreams { LogPath = pod.LogPath("c"), Terminal = true, Size = new TerminalSize(33, 101) });
        Assert.Equal(0, (await pod.ExitOfAsync("c")).Code);
        Assert.Contains("33 101", pod.Output("c"), StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Many_that_wait_are_each_their_own()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var ids = Enumerable.Range(0, 8).Select(i => $"c{i}").ToList();
        foreach (var id in ids)
            _ = await AnnounceAsync(pod, id, pod.Spec(id, "true"));
        Assert.Equal(8, Children(pod).Count);
        // Not in the order in which they came.
        foreach (var id in ids.AsEnumerable().Reverse())
        {
            var (exit, output) = await pod.ShellAsync(id, $"echo {id}; touch /of-{id}; ls -d /of-*");
            Assert.Equal((0, $"{id}\n/of-{id}\n"), (exit.Code, output));
            await pod.Shim.DeleteContainerAsync(id, ExecFixture.Token);
        }

        Assert.Empty(Children(pod));
    }

    /// <returns>The process that waits.</returns>
    private static async Task<int> AnnounceAsync(ExecFixture pod, string id, Spec spec)
    {
        var before = Children(pod);
        var head = ContainerPlan.HeadStart(spec, new ContainerOptions { Id = id, PodDirectory = pod.Pod.Directory });
        await pod.Shim.AnnounceContainerAsync(id, $"{pod.Pod.CgroupPath}/{id}", CgroupLimits.None, head, ExecFixture.Token);
        return Assert.Single(Children(pod).Except(before));
    }

    private static async Task UntilGoneAsync(int pid)
    {
        for (var i = 0; i < 1500 && Directory.Exists($"/proc/{pid}"); i++)
            await Task.Delay(10, ExecFixture.Token);
        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    private static List<int> Children(ExecFixture pod) =>
    [
        .. File.ReadAllText($"/proc/{pod.Shim.Pid}/task/{pod.Shim.Pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)),
    ];
}
