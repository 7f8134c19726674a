using System.Text.Json;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed class HookTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task Hooks_run_at_all_six_points_with_the_state_on_standard_input()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        Hook Point(string name) => Write(pod, name, $"echo {name} >> {pod.Folder.Path("order")}; cat > {pod.Folder.Path(name)}.json; echo >> {pod.Folder.Path(name)}.json; readlink /proc/self/ns/net >> {pod.Folder.Path(name)}.json");
        var spec = pod.Spec("h", "sh", "-c", "cat /from-hook; sleep 60");
        spec = spec with
        {
            Annotations = new Dictionary<string, string> { ["who"] = "\"me\"" },
            Hooks = new Hooks
            {
                Prestart = [Point("prestart")],
                CreateRuntime = [Point("createRuntime")],
                CreateContainer = [Point("createContainer")],
                StartContainer = [new Hook { Path = "/bin/sh", Args = ["sh", "-c", "cat > /from-hook; echo $WORD >> /from-hook"], Env = ["PATH=/bin", "WORD=hello"] }],
                Poststart = [Point("poststart")],
                Poststop = [Point("poststop")],
            },
        };
        await pod.StartAsync("h", spec);
        var pid = (await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers[0].Pid;
        await WaitForAsync(pod, "poststart.json", lines: 2);
        await pod.Shim.SignalAsync("h", 9, all: false, ExecFixture.Token);
        await pod.ExitOfAsync("h");
        await pod.Shim.DeleteContainerAsync("h", ExecFixture.Token);
        await WaitForAsync(pod, "poststop.json", lines: 2);

        Assert.Equal(["prestart", "createRuntime", "createContainer", "poststart", "poststop"], File.ReadLines(pod.Folder.Path("order")));
        var host = File.ReadLines(pod.Folder.Path("prestart.json")).Last();
        foreach (var (name, status) in new[] { ("prestart", "creating"), ("createRuntime", "creating"), ("createContainer", "creating"), ("poststart", "running"), ("poststop", "stopped") })
        {
            var lines = File.ReadLines(pod.Folder.Path($"{name}.json")).ToList();
            var state = JsonDocument.Parse(lines[0]).RootElement;
            Assert.Equal("h", state.GetProperty("id").GetString());
            Assert.Equal(status, state.GetProperty("status").GetString());
            Assert.Equal("\"me\"", state.GetProperty("annotations").GetProperty("who").GetString());
            if (status != "stopped")
                Assert.Equal(pid, state.GetProperty("pid").GetInt32());
            Assert.Equal(host, lines[^1]);
        }

        Assert.Contains("\"status\":\"created\"", pod.Output("h"), StringComparison.Ordinal);
        Assert.EndsWith("hello\n", pod.Output("h"), StringComparison.Ordinal);
    }

    [RootTheory(Needs = Need.Busybox)]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    public async Task A_hook_that_fails_fails_the_start_with_what_it_said_and_leaves_nothing(string point)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var hook = point == "startContainer" ? new Hook { Path = "/bin/sh", Args = ["sh", "-c", "echo no way; exit 3"] } : Write(pod, "fails", "echo no way; exit 3");
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("h", At(pod.Spec("h", "true"), point, hook)));
        Assert.Contains($"hooks.{point}[0]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ended with 3: no way", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/sys/fs/cgroup/memory{pod.Pod.CgroupPath}/h"));
    }

    [RootTheory(Needs = Need.Busybox)]
    [InlineData("prestart")]
    [InlineData("createContainer")]
    public async Task A_hook_that_takes_too_long_is_killed(string point)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var hook = Write(pod, "hangs", "exec sleep 1000") with { Timeout = 1 };
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("h", At(pod.Spec("h", "true"), point, hook)));
        Assert.Contains("took more than 1 s and was killed", failure.Message, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_fails_after_the_start_or_the_end_is_told_to_the_runtime_and_the_others_are_run()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("h", "sleep", "600") with
        {
            Hooks = new Hooks
            {
                Poststart = [Write(pod, "first", "echo no way; exit 3"), Write(pod, "second", $"echo ran > {pod.Folder.Path("second")}"), Write(pod, "third", "exit 4")],
                Poststop = [Write(pod, "last", "exit 5")],
            },
        };
        await pod.StartAsync("h", spec);
        var failed = Assert.IsType<HooksFailed>(await pod.Shim.Events.ReadAsync(ExecFixture.Token));
        Assert.Equal("h", failed.ContainerId);
        Assert.Contains("hooks.poststart[0]: ", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("first.sh ended with 3: no way; hooks.poststart[2]: ", failed.Reason, StringComparison.Ordinal);
        Assert.Equal("ran\n", File.ReadAllText(pod.Folder.Path("second")));
        Assert.Equal(ContainerPhase.Running, (await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers[0].Phase);

        await pod.Shim.SignalAsync("h", 9, all: false, ExecFixture.Token);
        await pod.ExitOfAsync("h");
        await pod.Shim.DeleteContainerAsync("h", ExecFixture.Token);
        failed = Assert.IsType<HooksFailed>(await pod.Shim.Events.ReadAsync(ExecFixture.Token));
        Assert.Contains("hooks.poststop[0]: ", failed.Reason, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_hook_that_is_no_program_is_named_and_one_that_reads_nothing_and_talks_a_lot_hinders_nobody()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("n", At(pod.Spec("n", "true"), "prestart", new Hook { Path = "/nowhere" })));
        Assert.Contains("/nowhere ended with 127: no such file or directory", failure.Message, StringComparison.Ordinal);

        var talks = Write(pod, "talks", "i=0; while [ $i -lt 2000 ]; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; i=$((i+1)); done");
        await pod.Shim.DeleteContainerAsync("n", ExecFixture.Token);
        var (exit, _) = await pod.RunAsync("n", At(pod.Spec("n", "true"), "createRuntime", talks));
        Assert.Equal(0, exit.Code);
    }

    private static Spec At(Spec spec, string point, Hook hook) => spec with
    {
        Hooks = point switch
        {
            "prestart" => new Hooks { Prestart = [hook] },
            "createRuntime" => new Hooks { CreateRuntime = [hook] },
            "createContainer" => new Hooks { CreateContainer = [hook] },
            _ => new Hooks { StartContainer = [hook] },
        },
    };

    private static Hook Write(ExecFixture pod, string name, string script)
    {
        var path = pod.Folder.Path($"{name}.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new Hook { Path = path, Env = ["PATH=/bin:/usr/bin"] };
    }

    private static async Task WaitForAsync(ExecFixture pod, string file, int lines)
    {
        for (var i = 0; i < 2000 && !(File.Exists(pod.Folder.Path(file)) && File.ReadLines(pod.Folder.Path(file)).Count() >= lines); i++)
            await Task.Delay(10, ExecFixture.Token);
    }
}
