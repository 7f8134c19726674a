using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Root.Tests.Network;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>linux.netDevices: devices of the host that a container is given.</summary>
public sealed class NetworkDeviceTests
{
    private const string Look = "ip -o link; ip -o addr; true";

    [RootFact(Needs = Need.Busybox)]
    public async Task A_device_is_moved_with_its_global_addresses_and_set_up()
    {
        var instance = InstanceName.OfCaller();
        await using var pod = await ExecFixture.StartAsync(instance);
        using var pair = new DevicePair(instance);
        Wire.Execute("ip", "addr", "add", "192.0.2.5/24", "brd", "192.0.2.255", "dev", pair.Moved);
        Wire.Execute("ip", "addr", "add", "198.51.100.9", "peer", "198.51.100.1/32", "dev", pair.Moved);
        Wire.Execute("ip", "addr", "add", "2001:db8::5/64", "nodad", "dev", pair.Moved);
        Wire.Execute("ip", "addr", "add", "169.254.7.7/16", "scope", "link", "dev", pair.Moved);
        Wire.Execute("ip", "link", "set", pair.Moved, "mtu", "1400", "address", "02:00:00:00:12:34");
        var (_, output) = await pod.RunAsync("d", With(pod.Spec("d", "sh", "-c", Look), (pair.Moved, "lan0")));
        Assert.Matches("lan0[@:].*<.*UP.*mtu 1400 .*02:00:00:00:12:34", output.ReplaceLineEndings(" "));
        Assert.Contains("192.0.2.5/24 brd 192.0.2.255", output, StringComparison.Ordinal);
        Assert.Contains("198.51.100.9 peer 198.51.100.1/32", output, StringComparison.Ordinal);
        Assert.Contains("2001:db8::5/64", output, StringComparison.Ordinal);
        Assert.DoesNotContain("169.254.7.7", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/sys/class/net/{pair.Moved}"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_name_with_a_number_to_choose_gets_the_next_and_one_without_keeps_its_own_and_users_of_its_own_do_not_matter()
    {
        var instance = InstanceName.OfCaller();
        await using var pod = await ExecFixture.StartAsync(instance);
        using var first = new DevicePair(instance);
        using var second = new DevicePair(instance, "z");
        IdMapping[] map = [new() { ContainerID = 0, HostID = 500_000, Size = 65_536 }];
        var spec = With(pod.Spec("d", "sh", "-c", Look), (first.Moved, "lan%d"), (second.Moved, null));
        spec = spec with { Linux = spec.Linux! with { UidMappings = map, GidMappings = map, Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "user" }, new() { Type = "ipc" }, new() { Type = "uts" }] } };
        await pod.StartIdMappedAsync("d", spec);
        await pod.ExitOfAsync("d");
        Assert.Contains("lan0", pod.Output("d"), StringComparison.Ordinal);
        Assert.Contains(second.Moved, pod.Output("d"), StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task What_cannot_be_moved_is_named_and_what_was_moved_before_comes_back()
    {
        var instance = InstanceName.OfCaller();
        await using var pod = await ExecFixture.StartAsync(instance);
        using var pair = new DevicePair(instance);
        Wire.Execute("ip", "addr", "add", "192.0.2.5/24", "dev", pair.Moved);
        foreach (var (name, reason) in new[] { ("zz-none", "move the network device zz-none: there is no such device"), ("lo", "move the network device lo: it is a loopback device") })
        {
            var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync(name, With(pod.Spec(name, "true"), (pair.Moved, "lan0"), (name, "other"))));
            Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
            Assert.Contains("192.0.2.5", Addresses(pair.Moved), StringComparison.Ordinal);
        }

        // lo is there in every network namespace.
        var taken = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("taken", With(pod.Spec("taken", "true"), (pair.Moved, "lo"))));
        Assert.Contains("the container has a device lo already", taken.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.FailedPrecondition, taken.Kind);
        // A step behind the move fails: a virtual device would end with the namespace.
        await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("late", With(pod.Spec("late", "no-such-program"), (pair.Moved, "lan0"))));
        for (var i = 0; i < 1000 && !Directory.Exists($"/sys/class/net/{pair.Moved}"); i++)
            await Task.Delay(10, ExecFixture.Token);
        Assert.Contains("192.0.2.5", Addresses(pair.Moved), StringComparison.Ordinal);
    }

    private static string Addresses(string device) => Wire.Execute("ip", "-o", "addr", "show", "dev", device);

    private static Spec With(Spec spec, params (string Name, string? NewName)[] devices) => spec with
    {
        Linux = spec.Linux! with
        {
            Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "network" }],
            NetDevices = devices.ToDictionary(device => device.Name, device => new NetDevice { Name = device.NewName }),
        },
    };
}
