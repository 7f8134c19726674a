using System.Text.Json;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Oci;

public sealed class FailureTests
{
    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_program_that_is_not_there_is_said_by_create_and_nothing_is_left()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Write(rig.Spec("no-such-program"));
        foreach (var command in new[] { "create", "run" })
        {
            var answer = rig.Call(command, "--bundle", rig.Bundle, rig.Id("one"));
            Assert.Equal(1, answer.Code);
            Assert.Contains("executable file not found in $PATH", answer.Error, StringComparison.Ordinal);
            Assert.Equal("", rig.Ok("list", "-q"));
        }

        var last = JsonDocument.Parse(File.ReadLines(rig.Log).Last()).RootElement;
        Assert.Equal("error", last.GetProperty("level").GetString());
        Assert.Contains("no-such-program", last.GetProperty("msg").GetString(), StringComparison.Ordinal);
        Assert.True(last.GetProperty("time").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_program_that_vanishes_before_the_start_is_said_by_start()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        File.Copy(Path.Combine(rig.Bundle, "rootfs", "bin", "busybox"), Path.Combine(rig.Bundle, "rootfs", "sleep"));
        File.SetUnixFileMode(Path.Combine(rig.Bundle, "rootfs", "sleep"), (UnixFileMode)0b111_101_101);
        rig.Create(rig.Spec("/sleep", "60"));
        File.Delete(Path.Combine(rig.Bundle, "rootfs", "sleep"));
        var answer = rig.Call("start", rig.Id("one"));
        Assert.Equal(1, answer.Code);
        Assert.Contains("execute \"/sleep\": no such file or directory", answer.Error, StringComparison.Ordinal);
        rig.Await("stopped");
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_wrong_field_is_named_before_anything_is_made()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Write(rig.Spec("true") with { Mounts = [new() { Destination = "relative", Type = "tmpfs" }] });
        Refused("mounts[0].destination");
        File.WriteAllText(Path.Combine(rig.Bundle, "config.json"), """{"ociVersion":"1.0.0","process":{"args":7}}""");
        Refused("process.args");
        File.WriteAllText(Path.Combine(rig.Bundle, "config.json"), "nonsense");
        Refused("config.json");
        File.Delete(Path.Combine(rig.Bundle, "config.json"));
        Refused("config.json");

        void Refused(string field)
        {
            var answer = rig.Call("create", "--bundle", rig.Bundle, rig.Id("one"));
            Assert.Equal(1, answer.Code);
            Assert.Contains(field, answer.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(rig.Folder.Path("state", rig.Id("one"))));
        }
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_terminal_needs_somebody_who_has_it()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var spec = rig.Spec("true");
        rig.Write(spec);
        Assert.Contains("process.terminal is false", rig.Call("create", "--console-socket", "/nowhere", "--bundle", rig.Bundle, rig.Id("one")).Error, StringComparison.Ordinal);
        rig.Write(spec with { Process = spec.Process! with { Terminal = true } });
        Assert.Contains("--console-socket: is missing", rig.Call("create", "--bundle", rig.Bundle, rig.Id("one")).Error, StringComparison.Ordinal);
        Assert.Contains("connect to the console socket", rig.Call("create", "--console-socket", "/nowhere", "--bundle", rig.Bundle, rig.Id("one")).Error, StringComparison.Ordinal);
        Assert.Equal("", rig.Ok("list", "-q"));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void What_is_not_built_says_so()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Write(rig.Spec("true"));
        foreach (var (arguments, reason) in new[]
                 {
                     (new[] { "--systemd-cgroup", "list" }, "with podman by --cgroup-manager cgroupfs"), (["checkpoint", "x"], "is not built"), (["restore", "x"], "is not built"),
                     (["spec", "--rootless"], "--rootless"), (["--rootless", "true", "list"], "--rootless"),
                     (["nonsense"], "there is no command"), (["create", "--nonsense", "x"], "there is no option"), (["kill", "x", "NONSENSE"], ""),
                 })
        {
            var answer = rig.Call(arguments);
            Assert.Equal(1, answer.Code);
            Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
        }
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_create_that_is_killed_half_way_is_removed_by_force()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        // The hook's parent is suite-oci itself: the init waits for an answer that never comes.
        var hook = rig.Folder.File("hook.sh", "#!/bin/sh\nkill -9 $PPID\n");
        File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);
        rig.Write(rig.Spec("true") with { Hooks = new() { CreateRuntime = [new() { Path = hook }] } });
        Assert.Equal(137, rig.Call("create", "--bundle", rig.Bundle, rig.Id("one")).Code);
        Assert.Equal(rig.Id("one"), rig.Ok("list", "-q").Trim());
        rig.Ok("delete", "--force", rig.Id("one"));
        Assert.Equal("", rig.Ok("list", "-q"));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void An_init_that_is_killed_before_it_is_ready_is_a_failed_create()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var hook = rig.Folder.File("hook.sh", "#!/bin/sh\nkill -9 $(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/')\n");
        File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);
        rig.Write(rig.Spec("true") with { Hooks = new() { CreateRuntime = [new() { Path = hook, Env = ["PATH=/bin:/usr/bin"] }] } });
        var answer = rig.Call("create", "--bundle", rig.Bundle, rig.Id("one"));
        Assert.Equal(1, answer.Code);
        Assert.Contains("was killed before it was ready", answer.Error, StringComparison.Ordinal);
        Assert.Equal("", rig.Ok("list", "-q"));
    }
}
