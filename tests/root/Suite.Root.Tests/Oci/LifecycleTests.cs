using System.Globalization;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Oci;

/// <summary>runtime.md, Lifecycle, by the command line.</summary>
public sealed class LifecycleTests
{
    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_container_is_created_started_killed_and_deleted()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Create(rig.Spec("sleep", "60") with { Annotations = new Dictionary<string, string> { ["a.b"] = "c" } }, "one", "--pid-file", rig.Folder.Path("pid"));
        var state = rig.State();
        var pid = state.GetProperty("pid").GetInt32();
        Assert.Equal("created", state.GetProperty("status").GetString());
        Assert.Equal(rig.Id("one"), state.GetProperty("id").GetString());
        Assert.Equal(rig.Bundle, state.GetProperty("bundle").GetString());
        Assert.Equal("c", state.GetProperty("annotations").GetProperty("a.b").GetString());
        Assert.Equal(pid.ToString(CultureInfo.InvariantCulture), File.ReadAllText(rig.Folder.Path("pid")));
        Assert.DoesNotContain("sleep", File.ReadAllText($"/proc/{pid}/cmdline"), StringComparison.Ordinal);

        rig.Ok("start", rig.Id("one"));
        Assert.Equal("running", rig.Status());
        // The start returns when the program runs, not before.
        Assert.StartsWith("sleep", File.ReadAllText($"/proc/{pid}/cmdline"), StringComparison.Ordinal);
        Assert.Contains(rig.Id("one"), rig.Ok("list"), StringComparison.Ordinal);

        Assert.Contains("is not stopped: running", rig.Call("delete", rig.Id("one")).Error, StringComparison.Ordinal);
        rig.Ok("kill", rig.Id("one"), "KILL");
        rig.Await("stopped");
        Assert.Equal(0, rig.State().GetProperty("pid").GetInt32());
        rig.Ok("delete", rig.Id("one"));
        Assert.Contains("does not exist", rig.Call("state", rig.Id("one")).Error, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void What_its_state_does_not_allow_is_refused()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Create(rig.Spec("sleep", "60"));
        Assert.Contains("already exists", rig.Call("create", "--bundle", rig.Bundle, rig.Id("one")).Error, StringComparison.Ordinal);
        rig.Ok("start", rig.Id("one"));
        Assert.Contains("which is running", rig.Call("start", rig.Id("one")).Error, StringComparison.Ordinal);
        Assert.Contains("container not paused", rig.Call("resume", rig.Id("one")).Error, StringComparison.Ordinal);
        rig.Ok("kill", rig.Id("one"), "SIGKILL");
        rig.Await("stopped");
        Assert.Contains("which is stopped", rig.Call("start", rig.Id("one")).Error, StringComparison.Ordinal);
        // containerd takes these words for "it is gone".
        Assert.Contains("container not running", rig.Call("kill", rig.Id("one"), "TERM").Error, StringComparison.Ordinal);
        Assert.Equal(255, rig.Call("exec", rig.Id("one"), "true").Code);
        Assert.NotEqual(0, rig.Call("state", "../one").Code);
        Assert.Equal(1, rig.Call("delete", rig.Id("none")).Code);
        rig.Ok("delete", "--force", rig.Id("none"));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_created_container_is_deleted_without_having_run()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Create(rig.Spec("touch", "/ran"));
        rig.Ok("delete", rig.Id("one"));
        Assert.False(File.Exists(Path.Combine(rig.Bundle, "rootfs", "ran")));
        Assert.Equal("", rig.Ok("list", "--quiet"));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_later_change_of_the_bundle_has_no_effect()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Create(rig.Spec("sh", "-c", "echo first >/said"));
        rig.Write(rig.Spec("sh", "-c", "echo second >/said"));
        rig.Ok("start", rig.Id("one"));
        rig.Await("stopped");
        Assert.Equal("first\n", File.ReadAllText(Path.Combine(rig.Bundle, "rootfs", "said")));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Run_has_the_exit_code_of_the_program_and_leaves_nothing()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Write(rig.Spec("sh", "-c", "echo out; echo err >&2; exit 7"));
        var answer = rig.Call("run", "--bundle", rig.Bundle, rig.Id("one"));
        Assert.Equal(new Answer(7, "out\n", "err\n"), answer);
        Assert.Equal("", rig.Ok("list", "-q"));

        Assert.Equal(7, rig.Call("run", "--keep", "--bundle", rig.Bundle, rig.Id("one")).Code);
        Assert.Equal("stopped", rig.Status());
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Run_hands_signals_to_the_program()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Write(rig.Spec("sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.02; done"));
        var running = rig.Start([], "run", "--bundle", rig.Bundle, rig.Id("one"));
        OciRig.Eventually(() => running.Output.Contains("ready", StringComparison.Ordinal), "the program is not ready");
        Assert.True(Linux.Processes.ProcessSignals.Send(running.Process.Id, 15));
        Assert.Equal(5, running.Wait().Code);
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Descriptors_are_handed_down_when_asked_for_and_no_others()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Write(rig.Spec("sh", "-c", "cat <&3; ls /proc/self/fd | tr '\\n' ' '; echo $LISTEN_FDS $LISTEN_PID"));
        var given = rig.Folder.File("given", "from outside\n");
        var answer = rig.Start(["sh", "-c", $"exec \"$@\" 3<{given} 4<{given}", "sh", "env", "LISTEN_FDS=1"], "run", "--bundle", rig.Bundle, rig.Id("one")).Wait();
        // 3 is the one handed down; the other is ls's own, of the folder it reads.
        Assert.Equal("from outside\n0 1 2 3 4 1 1\n", answer.Output);
        var more = rig.Start(["sh", "-c", $"exec \"$@\" 3<{given} 4<{given}", "sh", "env"], "run", "--preserve-fds", "2", "--bundle", rig.Bundle, rig.Id("one")).Wait();
        Assert.Contains("0 1 2 3 4 5", more.Output, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Kill_of_all_reaches_processes_that_share_the_hosts_pid_namespace()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var spec = rig.Spec("sh", "-c", "sleep 60 & sleep 60; true");
        rig.Run(spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces!.Where(item => item.Type != "pid")] } });
        OciRig.Eventually(() => rig.Ok("ps", "-f", "json", rig.Id("one")).Split(',').Length == 3, "the shell has not started two more");
        rig.Ok("kill", rig.Id("one"), "KILL");
        rig.Await("stopped");
        OciRig.Eventually(() => rig.Ok("ps", "-f", "json", rig.Id("one")).Trim() == "[]", "processes are left");
    }
}
