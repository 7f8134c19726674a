using Suite.Oci.Runtime;
using Suite.Root.Tests.Network;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Oci;

/// <summary>
/// Controllers that v1 alone has, and that few hosts mount. A hierarchy of theirs is mounted where suite-oci alone sees it, and ends with
/// it.
/// </summary>
public sealed class OldControllerTests
{
    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Packets_of_a_container_have_its_class_and_the_priority_of_their_interface()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        // The container counts what passes its own loopback by class and by priority.
        var nft = "add table ip t; add chain ip t o { type filter hook output priority 0; }; add rule ip t o meta cgroup 1048577 counter; add rule ip t o meta priority 5 counter";
        var spec = rig.Spec("sh", "-c", "cat /proc/self/cgroup; ip link set lo up; touch /ready; while ! test -e /go; do usleep 10000; done; ping -c 3 127.0.0.1 >/dev/null; sleep 600");
        string[] rights = ["CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_KILL"];
        rig.Write(spec with
        {
            Process = spec.Process! with { Capabilities = new() { Bounding = rights, Effective = rights, Permitted = rights } },
            Linux = spec.Linux! with { Resources = new() { Network = new() { ClassID = 0x100001, Priorities = [new() { Name = "lo", Priority = 5 }] } } },
        });
        using var running = Run(rig, "net_cls,net_prio");
        var root = Path.Combine(rig.Bundle, "rootfs");
        OciRig.Eventually(() => File.Exists(Path.Combine(root, "ready")), "the program is not ready");
        var pid = rig.State().GetProperty("pid").GetInt32();
        Wire.Execute("nsenter", "--net", $"--target={pid}", "nft", nft);
        File.WriteAllText(Path.Combine(root, "go"), "");
        OciRig.Eventually(() => Count(pid, "meta cgroup") >= 3, "no packet has the class");
        OciRig.Eventually(() => Count(pid, "meta priority") >= 3, "no packet has the priority");
        Assert.Contains($"net_prio:/{rig.Id("one")}", File.ReadAllText($"/proc/{pid}/cgroup").Replace("net_cls,net_prio", "net_prio", StringComparison.Ordinal), StringComparison.Ordinal);
        rig.Ok("kill", rig.Id("one"), "KILL");
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_container_is_in_its_cgroup_of_perf_event_and_leaves_none()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Write(rig.Spec("sh", "-c", "touch /ready; sleep 600"));
        using var running = Run(rig, "perf_event");
        OciRig.Eventually(() => File.Exists(Path.Combine(rig.Bundle, "rootfs", "ready")), "the program is not ready");
        Assert.Contains($"perf_event:/{rig.Id("one")}\n", File.ReadAllText($"/proc/{rig.State().GetProperty("pid").GetInt32()}/cgroup"), StringComparison.Ordinal);
        rig.Ok("kill", rig.Id("one"), "KILL");
        // It removes what it has made, which only it sees.
        Assert.Equal(137, running.End());
    }

    private static long Count(int pid, string rule)
    {
        var line = Wire.Execute("nsenter", "--net", $"--target={pid}", "nft", "list", "table", "ip", "t").Split('\n').First(text => text.Contains(rule, StringComparison.Ordinal));
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[Array.IndexOf(words, "packets") + 1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Call Run(OciRig rig, string controllers) => new(rig.Start(
        ["unshare", "--mount", "sh", "-c", $"mount -t cgroup -o {controllers} cgroup {rig.Folder.Folder("hierarchy")} && \"$@\"", "sh"],
        "run", "--bundle", rig.Bundle, rig.Id("one")));

    /// <summary>A run that is ended by killing its container.</summary>
    private sealed class Call(Running running) : IDisposable
    {
        private Answer? _answer;

        public int End() => (_answer ??= running.Wait()).Code;

        public void Dispose() => End();
    }
}
