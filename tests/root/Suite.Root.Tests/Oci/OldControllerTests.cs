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
        var instance = InstanceName.OfCaller();
        using var rig = new OciRig(instance);
        // Interfaces of the first network namespace alone have priorities (write_priomap of net/core/netprio_cgroup.c), so the container is in that.
        var spec = rig.Spec("sh", "-c", "touch /ready; while ! test -e /go; do usleep 10000; done; ping -c 3 127.0.0.1 >/dev/null; sleep 600");
        string[] rights = ["CAP_NET_RAW", "CAP_KILL"];
        rig.Write(spec with
        {
            Process = spec.Process! with { Capabilities = new() { Bounding = rights, Effective = rights, Permitted = rights } },
            Linux = spec.Linux! with
            {
                Namespaces = [.. spec.Linux.Namespaces!.Where(item => item.Type != "network")],
                Resources = new() { Network = new() { ClassID = 0x100001, Priorities = [new() { Name = "lo", Priority = 5 }] } },
            },
        });
        var running = Run(rig, "net_cls,net_prio");
        var root = Path.Combine(rig.Bundle, "rootfs");
        OciRig.Eventually(() => File.Exists(Path.Combine(root, "ready")), "the program is not ready");
        // A priority is given after the last hook of the way out.
        Wire.Execute("nft", $"""
            add table ip {instance}
            add chain ip {instance} o {"{ type filter hook output priority 0; }"}
            add chain ip {instance} i {"{ type filter hook input priority 0; }"}
            add rule ip {instance} o meta cgroup {0x100001} counter
            add rule ip {instance} i iif lo meta priority 0:5 counter
            """);
        try
        {
            File.WriteAllText(Path.Combine(root, "go"), "");
            OciRig.Eventually(() => Count(instance, "meta cgroup") >= 3, "no packet has the class");
            OciRig.Eventually(() => Count(instance, "meta priority") >= 3, "no packet has the priority");
        }
        finally
        {
            Wire.Execute("nft", "delete", "table", "ip", instance);
        }

        rig.Ok("kill", rig.Id("one"), "KILL");
        Assert.Equal(137, running.Wait().Code);
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void A_container_is_in_its_cgroup_of_perf_event_and_leaves_none()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Write(rig.Spec("sh", "-c", "touch /ready; sleep 600"));
        var running = Run(rig, "perf_event");
        OciRig.Eventually(() => File.Exists(Path.Combine(rig.Bundle, "rootfs", "ready")), "the program is not ready");
        Assert.Contains($"perf_event:/{rig.Id("one")}\n", File.ReadAllText($"/proc/{rig.State().GetProperty("pid").GetInt32()}/cgroup"), StringComparison.Ordinal);
        rig.Ok("kill", rig.Id("one"), "KILL");
        // It removes what it has made, which only it sees.
        Assert.Equal(137, running.Wait().Code);
    }

    private static long Count(string table, string rule)
    {
        var line = Wire.Execute("nft", "list", "table", "ip", table).Split('\n').First(text => text.Contains(rule, StringComparison.Ordinal));
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[Array.IndexOf(words, "packets") + 1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Running Run(OciRig rig, string controllers) => rig.Start(
        ["unshare", "--mount", "sh", "-c", $"mount -t cgroup -o {controllers} cgroup {rig.Folder.Folder("hierarchy")} && \"$@\"", "sh"],
        "run", "--bundle", rig.Bundle, rig.Id("one"));
}
