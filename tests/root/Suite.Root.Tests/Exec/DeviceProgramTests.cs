using System.Diagnostics;
using Suite.Linux.Cgroups;
using Suite.Testing.Leaks;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>The device rules of cgroup v2, which also work on the empty tree of a hybrid host.</summary>
public sealed class DeviceProgramTests
{
    [RootFact]
    public void Rules_hold_a_later_one_wins_and_new_ones_take_the_place_of_the_old()
    {
        var instance = InstanceName.OfCaller();
        using var leaks = new LeakGuard(instance);
        var cgroup = new Cgroup(new CgroupHost([CgroupHost.Detect().Unified!]), $"/{instance}");
        cgroup.Make();
        try
        {
            const string script = "head -c1 /dev/zero >/dev/null 2>&1; echo zero $?; (echo > /dev/null) 2>/dev/null; echo null $?; head -c1 /dev/null >/dev/stdout; echo read $?";
            cgroup.Limit(new CgroupLimits { DeviceRules = ["deny a", "allow c 1:* rw", "deny c 1:5 r"] });
            Assert.Equal("zero 1\nnull 0\nread 0\n", RunIn(cgroup, script));
            cgroup.Limit(new CgroupLimits { DeviceRules = ["deny a", "allow c 1:3 r"] });
            Assert.Equal("zero 2\nnull 2\nread 0\n", RunIn(cgroup, script));
            cgroup.Limit(new CgroupLimits { DeviceRules = ["allow a"] });
            Assert.Equal("zero 0\nnull 0\nread 0\n", RunIn(cgroup, script));
        }
        finally
        {
            cgroup.Kill();
            cgroup.Remove();
        }
    }

    private static string RunIn(Cgroup cgroup, string script)
    {
        var file = $"{CgroupHost.Detect().Unified!.PathOf(cgroup.Path)}/cgroup.procs";
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"echo $$ > {file}; {script}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return output;
    }
}
