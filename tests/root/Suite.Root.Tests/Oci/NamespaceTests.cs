using System.Globalization;
using Suite.Oci.Runtime;
using Suite.Root.Tests.Exec;
using Suite.Root.Tests.Network;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Oci;

public sealed class NamespaceTests
{
    private static readonly IdMapping[] Map = [new() { ContainerID = 0, HostID = 600_000, Size = 65_536 }];

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Root_of_a_user_namespace_is_nobody_outside_and_a_later_process_is_in_it_too()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        // To the container's root they are its own. The folders above the bundle only the host's root may walk.
        HostMount.Run("/bin/chown", "-R", "600000:600000", Path.Combine(rig.Bundle, "rootfs"));
        var spec = rig.Spec("sh", "-c", "id -u; cat /proc/self/uid_map; touch /made; hostname; sleep 600");
        rig.Run(spec with { Linux = spec.Linux! with { UidMappings = Map, GidMappings = Map, Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "user" }] } });
        var pid = rig.State().GetProperty("pid").GetInt32();
        Assert.Contains("Uid:\t600000\t600000", File.ReadAllText($"/proc/{pid}/status"), StringComparison.Ordinal);
        OciRig.Eventually(() => File.Exists(Path.Combine(rig.Bundle, "rootfs", "made")), "the program has made no file");
        Assert.Equal((600_000u, 600_000u), Owner.Of(Path.Combine(rig.Bundle, "rootfs", "made")));
        Assert.Equal($"0\n{new FileInfo($"/proc/{pid}/ns/user").LinkTarget}\n", rig.Ok("exec", rig.Id("one"), "sh", "-c", "id -u; readlink /proc/self/ns/user"));
        Assert.NotEqual(new FileInfo("/proc/self/ns/user").LinkTarget, new FileInfo($"/proc/{pid}/ns/user").LinkTarget);

        // Another container in the same users, by the path of their namespace.
        var second = rig.Spec("sh", "-c", "readlink /proc/self/ns/user; id -u");
        rig.Write(second with { Linux = second.Linux! with { Namespaces = [.. second.Linux.Namespaces!, new() { Type = "user", Path = $"/proc/{pid}/ns/user" }] } }, "two");
        Assert.Equal($"{new FileInfo($"/proc/{pid}/ns/user").LinkTarget}\n0\n", rig.Ok("run", "--bundle", rig.Bundle, rig.Id("two")));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Clocks_of_a_time_namespace_are_ahead_for_every_process()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var spec = rig.Spec("sleep", "600");
        rig.Run(spec with
        {
            Linux = spec.Linux! with
            {
                Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "time" }],
                TimeOffsets = new Dictionary<string, TimeOffset> { ["boottime"] = new() { Secs = 1_000_000_000 }, ["monotonic"] = new() { Secs = 100, Nanosecs = 5 } },
            },
        });
        var pid = rig.State().GetProperty("pid").GetInt32();
        Assert.Equal(["monotonic", "100", "5", "boottime", "1000000000", "0"], File.ReadAllText($"/proc/{pid}/timens_offsets").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.NotEqual(new FileInfo("/proc/self/ns/time").LinkTarget, new FileInfo($"/proc/{pid}/ns/time").LinkTarget);
        var uptime = rig.Ok("exec", rig.Id("one"), "sh", "-c", "cut -d. -f1 /proc/uptime");
        Assert.True(long.Parse(uptime, CultureInfo.InvariantCulture) > 1_000_000_000);
    }

    [RootTheory(Needs = Need.Executables | Need.Busybox)]
    [InlineData("network", "net")]
    [InlineData("ipc", "ipc")]
    [InlineData("uts", "uts")]
    [InlineData("pid", "pid")]
    [InlineData("mount", "mnt")]
    [InlineData("cgroup", "cgroup")]
    [InlineData("time", "time")]
    public void A_namespace_is_joined_by_its_path(string type, string file)
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var spec = rig.Spec("sleep", "600");
        rig.Run(spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "time" }] } });
        var path = $"/proc/{rig.State().GetProperty("pid").GetInt32()}/ns/{file}";
        // In the mount namespace of the first, the bundle is where its own root does not show it: the folder is bound there.
        var second = rig.Spec("sh", "-c", $"readlink /proc/self/ns/{file}; readlink /proc/self/ns/{(type == "uts" ? "ipc" : "uts")}");
        if (type == "mount")
        {
            Assert.Contains("no such file or directory", rig.Call("run", "--bundle", Joined(rig, second, type, path), rig.Id("two")).Error, StringComparison.Ordinal);
            return;
        }

        var lines = rig.Ok("run", "--bundle", Joined(rig, second, type, path), rig.Id("two")).Split('\n');
        Assert.Equal(new FileInfo(path).LinkTarget, lines[0]);
        Assert.NotEqual(new FileInfo(type == "uts" ? path.Replace("uts", "ipc", StringComparison.Ordinal) : path[..path.LastIndexOf('/')] + "/uts").LinkTarget, lines[1]);
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_container_in_a_mount_namespace_of_others_has_its_own_root_and_takes_its_mounts_with_it()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        using var holder = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/unshare", ["--mount", "sleep", "600"]))!;
        try
        {
            OciRig.Eventually(() => File.ReadAllText($"/proc/{holder.Id}/cmdline").StartsWith("sleep", StringComparison.Ordinal), "no holder");
            var before = File.ReadAllLines($"/proc/{holder.Id}/mountinfo").Length;
            var spec = rig.Spec("sleep", "600");
            Joined(rig, spec, "mount", $"/proc/{holder.Id}/ns/mnt", "one");
            rig.Ok("create", "--bundle", rig.Bundle, rig.Id("one"));
            rig.Ok("start", rig.Id("one"));
            Assert.True(File.ReadAllLines($"/proc/{holder.Id}/mountinfo").Length > before);
            Assert.Equal("bin\ndev\netc\n", rig.Ok("exec", rig.Id("one"), "sh", "-c", "ls / | head -3"));
            rig.Ok("delete", "--force", rig.Id("one"));
            Assert.Equal(before, File.ReadAllLines($"/proc/{holder.Id}/mountinfo").Length);
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_namespace_that_is_not_listed_is_the_runtimes_and_mounts_there_go_with_the_container()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var before = File.ReadAllLines("/proc/self/mountinfo");
        var spec = rig.Spec("sleep", "600");
        rig.Run(spec with { Hostname = null, Linux = spec.Linux! with { Namespaces = [] } });
        var pid = rig.State().GetProperty("pid").GetInt32();
        foreach (var type in new[] { "pid", "mnt", "net", "ipc", "uts", "cgroup", "user", "time" })
            Assert.Equal(new FileInfo($"/proc/self/ns/{type}").LinkTarget, new FileInfo($"/proc/{pid}/ns/{type}").LinkTarget);
        Assert.Equal("bin\ndev\netc\n", rig.Ok("exec", rig.Id("one"), "sh", "-c", "ls / | head -3"));
        Assert.Contains(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(rig.Bundle, StringComparison.Ordinal));
        rig.Ok("kill", rig.Id("one"), "KILL");
        rig.Await("stopped");
        rig.Ok("delete", rig.Id("one"));
        Assert.Equal(before, File.ReadAllLines("/proc/self/mountinfo"));

        // One that is never made leaves none either.
        rig.Write(spec with { Hostname = null, Process = spec.Process! with { Args = ["no-such-program"] }, Linux = spec.Linux! with { Namespaces = [] } });
        Assert.Equal(1, rig.Call("create", "--bundle", rig.Bundle, rig.Id("one")).Code);
        Assert.Equal(before, File.ReadAllLines("/proc/self/mountinfo"));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Without_a_pivot_the_container_is_in_its_root_and_its_kernel_file_systems_are_masked_all_the_same()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var spec = rig.Spec("sh", "-c", "ls -d /bin/busybox; ls -d /work /usr/lib 2>/dev/null; cut -d' ' -f2 /proc/mounts; wc -c < /proc/timer_list; mkdir /p && mount -t proc proc /p && wc -c < /p/timer_list; true");
        spec = spec with { Process = spec.Process! with { Capabilities = new() { Bounding = ["CAP_SYS_ADMIN"], Effective = ["CAP_SYS_ADMIN"], Permitted = ["CAP_SYS_ADMIN"] } }, Linux = spec.Linux! with { MaskedPaths = ["/proc/timer_list"] } };
        rig.Write(spec);
        var answer = rig.Call("run", "--no-pivot", "--bundle", rig.Bundle, rig.Id("one"));
        Assert.Equal(0, answer.Code);
        Assert.StartsWith("/bin/busybox\n/\n/proc\n/dev\n/dev/pts\n/proc/timer_list\n0\n", answer.Output, StringComparison.Ordinal);

        rig.Create(rig.Spec("sleep", "600"), "two", "--no-pivot");
        rig.Ok("start", rig.Id("two"));
        Assert.Equal("/bin/busybox\n", rig.Ok("exec", rig.Id("two"), "sh", "-c", "ls -d /bin/busybox /work 2>/dev/null; true"));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_device_of_the_hosts_is_moved_into_it_and_comes_back_if_there_is_no_container()
    {
        var instance = InstanceName.OfCaller();
        using var rig = new OciRig(instance);
        using var pair = new DevicePair(instance);
        Wire.Execute("ip", "addr", "add", "192.0.2.77/24", "dev", pair.Moved);
        var spec = rig.Spec("ip", "-o", "addr");
        spec = spec with { Linux = spec.Linux! with { NetDevices = new Dictionary<string, NetDevice> { [pair.Moved] = new() { Name = "lan" } } } };
        rig.Write(spec with { Process = spec.Process! with { Args = ["no-such-program"] } });
        Assert.Equal(1, rig.Call("run", "--bundle", rig.Bundle, rig.Id("one")).Code);
        Assert.Contains("192.0.2.77/24", Wire.Execute("ip", "-o", "addr", "show", "dev", pair.Moved), StringComparison.Ordinal);

        rig.Write(spec);
        Assert.Contains("lan    inet 192.0.2.77/24", rig.Ok("run", "--bundle", rig.Bundle, rig.Id("one")), StringComparison.Ordinal);
    }

    /// <returns>The bundle, whose container joins one namespace more.</returns>
    private static string Joined(OciRig rig, Spec spec, string type, string path, string name = "two")
    {
        rig.Write(spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces!.Where(item => item.Type != type), new() { Type = type, Path = path }] } }, name);
        return rig.Bundle;
    }
}
