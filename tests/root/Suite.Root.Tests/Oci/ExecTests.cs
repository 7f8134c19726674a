using System.Globalization;
using System.Text.Json;
using Suite.Oci.Runtime;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Oci;

public sealed class ExecTests
{
    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Another_process_has_its_own_program_user_directory_and_exit_code()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Run(rig.Spec("sleep", "60"));
        var answer = rig.Call("exec", "--user", "65534:7", "-g", "8", "--cwd", "/tmp", "-e", "A=b", rig.Id("one"), "sh", "-c", "id -u; id -g; id -G; pwd; echo $A; hostname; exit 3");
        Assert.Equal(new Answer(3, "65534\n7\n7 8\n/tmp\nb\noci\n", ""), answer);
        Assert.Equal("65534\n", rig.Ok("exec", "--user", "nobody", rig.Id("one"), "id", "-u"));

        var missing = rig.Call("exec", rig.Id("one"), "no-such-program");
        Assert.Equal(255, missing.Code);
        Assert.Contains("executable file not found in $PATH", missing.Error, StringComparison.Ordinal);
        Assert.Equal("running", rig.Status());
    }

    /// <summary>CVE-2026-30892: a user that cannot be read must never be root.</summary>
    [RootTheory(Needs = Need.Executables | Need.Busybox)]
    [InlineData("65534x")]
    [InlineData("+65534")]
    [InlineData("0x1")]
    [InlineData(":65534")]
    [InlineData("1:2:3")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("65534:no-such-group")]
    [InlineData(" 65534")]
    public void A_user_that_cannot_be_read_is_nobody_and_not_root(string user)
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Run(rig.Spec("sleep", "60"));
        var answer = rig.Call("exec", "--user", user, rig.Id("one"), "id", "-u");
        Assert.Equal((255, ""), (answer.Code, answer.Output));
        Assert.Equal("7\n", rig.Ok("exec", "--user", "65534:7", rig.Id("one"), "id", "-g"));
        Assert.Equal("65534\n", rig.Ok("exec", "--user", "65534:nogroup", rig.Id("one"), "id", "-g"));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_detached_process_of_a_file_leaves_its_pid()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Run(rig.Spec("sleep", "60"));
        var process = new Process { Args = ["sleep", "50"], Cwd = "/", Env = ["PATH=/bin"] };
        var file = rig.Folder.File("process.json", JsonSerializer.Serialize(process, RuntimeJson.Default.Process));
        rig.Ok("exec", "--detach", "--process", file, "--pid-file", rig.Folder.Path("exec.pid"), rig.Id("one"));
        var pid = int.Parse(File.ReadAllText(rig.Folder.Path("exec.pid")), CultureInfo.InvariantCulture);
        Assert.Equal("sleep\050\0", File.ReadAllText($"/proc/{pid}/cmdline"));
        Assert.Equal(File.ReadAllText($"/proc/{rig.State().GetProperty("pid").GetInt32()}/cgroup"), File.ReadAllText($"/proc/{pid}/cgroup"));
        Assert.Contains(pid, JsonSerializer.Deserialize<int[]>(rig.Ok("ps", "--format", "json", rig.Id("one")))!);
        Assert.Contains("sleep 50", rig.Ok("ps", rig.Id("one")), StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void It_is_confined_as_the_first_one_is()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var spec = rig.Spec("sleep", "60");
        var seccomp = new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Syscalls = [new() { Names = ["sethostname"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 38 }] };
        rig.Run(spec with { Linux = spec.Linux! with { Seccomp = seccomp } });
        var first = File.ReadAllLines($"/proc/{rig.State().GetProperty("pid").GetInt32()}/status").Where(Confinement);
        Assert.Equal(first, rig.Ok("exec", rig.Id("one"), "cat", "/proc/self/status").Split('\n').Where(Confinement));
        Assert.Contains("not implemented", rig.Call("exec", rig.Id("one"), "hostname", "x").Error, StringComparison.Ordinal);

        static bool Confinement(string line) => line.StartsWith("Cap", StringComparison.Ordinal) || line.StartsWith("NoNewPrivs", StringComparison.Ordinal) || line.StartsWith("Seccomp", StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_paused_container_takes_none_and_goes_on_when_resumed()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Run(rig.Spec("sleep", "60"));
        rig.Ok("pause", rig.Id("one"));
        Assert.Equal("paused", rig.Status());
        Assert.Contains("it is paused", rig.Call("exec", rig.Id("one"), "true").Error, StringComparison.Ordinal);
        rig.Ok("resume", rig.Id("one"));
        Assert.Equal("running", rig.Status());
        rig.Ok("exec", rig.Id("one"), "true");
        // Frozen processes die of KILL all the same.
        rig.Ok("pause", rig.Id("one"));
        rig.Ok("delete", "--force", rig.Id("one"));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Limits_are_changed_in_place_and_usage_is_told()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Run(rig.Spec("sleep", "60"));
        rig.Ok("update", "--pids-limit", "9", "--memory", "33554432", rig.Id("one"));
        var data = JsonDocument.Parse(rig.Ok("events", "--stats", rig.Id("one"))).RootElement.GetProperty("data");
        Assert.Equal(9, data.GetProperty("pids").GetProperty("limit").GetInt32());
        Assert.Equal(1, data.GetProperty("pids").GetProperty("current").GetInt32());
        Assert.Equal(33554432, data.GetProperty("memory").GetProperty("usage").GetProperty("limit").GetInt64());
        Assert.True(data.GetProperty("cpu").GetProperty("usage").GetProperty("total").GetInt64() > 0);

        rig.Ok("update", "--resources", rig.Folder.File("resources.json", """{"pids":{"limit":5}}"""), rig.Id("one"));
        data = JsonDocument.Parse(rig.Ok("events", "--stats", rig.Id("one"))).RootElement.GetProperty("data");
        Assert.Equal(5, data.GetProperty("pids").GetProperty("limit").GetInt32());
        Assert.Equal(33554432, data.GetProperty("memory").GetProperty("usage").GetProperty("limit").GetInt64());
        Assert.Contains("memory.limit", rig.Call("update", "--memory", "-7", rig.Id("one")).Error, StringComparison.Ordinal);
        Assert.Contains("shares the default class of service with the host", rig.Call("update", "--l3-cache-schema", "L3:0=f", rig.Id("one")).Error, StringComparison.Ordinal);
    }
}
