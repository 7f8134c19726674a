using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>mount_namespaces(7), Shared subtrees: which way a mount goes between the two sides of a bind.</summary>
public sealed class PropagationTests
{
    private static readonly string[] Rights = ["CAP_SYS_ADMIN"];

    [RootTheory(Needs = Need.Busybox)]
    [InlineData("private", false, false)]
    [InlineData("rprivate", false, false)]
    [InlineData("slave", true, false)]
    [InlineData("rslave", true, false)]
    [InlineData("shared", true, true)]
    [InlineData("rshared", true, true)]
    [InlineData("unbindable", false, false)]
    [InlineData("runbindable", false, false)]
    [InlineData("", true, false)]
    public async Task A_mount_goes_as_far_as_the_propagation_says_and_no_further(string mode, bool inwards, bool outwards)
    {
        var instance = InstanceName.OfCaller();
        using var host = new HostMount(instance);
        Directory.CreateDirectory($"{host.FullName}/in");
        Directory.CreateDirectory($"{host.FullName}/out");
        await using var pod = await ExecFixture.StartAsync(instance);
        var spec = pod.Spec("p", "sleep", "600");
        spec = spec with { Mounts = [.. spec.Mounts!, new() { Destination = "/data", Type = "bind", Source = host.FullName, Options = mode.Length == 0 ? ["rbind"] : ["rbind", mode] }] };
        await pod.StartAsync("p", spec);
        try
        {
            var table = await File.ReadAllLinesAsync("/proc/self/mountinfo", ExecFixture.Token);

            HostMount.Mount("-t", "tmpfs", "from-host", $"{host.FullName}/in");
            Assert.Equal((inwards ? "1\n" : "0\n", ""), await InsideAsync(pod, "grep -c ' /data/in ' /proc/self/mountinfo"));

            Assert.Equal(("", ""), await InsideAsync(pod, "mount -t tmpfs inner /data/out && touch /data/out/here"));
            Assert.Equal(outwards ? 1 : 0, host.CountAt("out"));
            Assert.Equal(outwards, File.Exists($"{host.FullName}/out/here"));
            // Nothing but the two went anywhere.
            var now = await File.ReadAllLinesAsync("/proc/self/mountinfo", ExecFixture.Token);
            Assert.Equal(outwards ? 2 : 1, now.Length - table.Length);

            var (_, refused) = await InsideAsync(pod, "mkdir /copy && mount --bind /data /copy");
            Assert.Equal(mode.EndsWith("unbindable", StringComparison.Ordinal), refused.Length > 0);
        }
        finally
        {
            host.Clear();
        }
    }

    [RootTheory(Needs = Need.Busybox)]
    [InlineData("shared", "shared:")]
    [InlineData("rshared", "shared:")]
    [InlineData("slave", "")]
    [InlineData("rslave", "")]
    [InlineData("private", "")]
    [InlineData("rprivate", "")]
    [InlineData("unbindable", "unbindable")]
    [InlineData("runbindable", "unbindable")]
    public async Task The_root_has_the_propagation_asked_for_and_shares_nothing_with_the_host(string mode, string tag)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("r", "sleep", "600");
        await pod.StartAsync("r", spec with { Linux = spec.Linux! with { RootfsPropagation = mode } });
        var (line, _) = await InsideAsync(pod, "grep ' / / ' /proc/self/mountinfo");
        var tags = line.Split(" - ")[0].Split(' ')[6..];
        Assert.Equal(tag.Length > 0, tags.Any(item => item.StartsWith(tag, StringComparison.Ordinal) && tag.Length > 0));

        // A mount below the root that is shared is of a peer group that the host has no member of.
        var before = (await File.ReadAllLinesAsync("/proc/self/mountinfo", ExecFixture.Token)).Length;
        await InsideAsync(pod, "mkdir /m && mount -t tmpfs inner /m");
        Assert.Equal(before, (await File.ReadAllLinesAsync("/proc/self/mountinfo", ExecFixture.Token)).Length);
    }

    private static async Task<(string Output, string Error)> InsideAsync(ExecFixture pod, string script)
    {
        var process = ExecFixture.Process("sh", "-c", script) with { Capabilities = new() { Bounding = Rights, Effective = Rights, Permitted = Rights } };
        var id = (await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers[0].Id;
        await using var session = await pod.Shim.ExecAsync(id, Guid.NewGuid().ToString("N"), ProcessPlan.From(process, new()), new(), ExecFixture.Token);
        var output = new StreamReader(session.Output!).ReadToEndAsync(ExecFixture.Token);
        var error = new StreamReader(session.Error!).ReadToEndAsync(ExecFixture.Token);
        return (await output, await error);
    }
}
