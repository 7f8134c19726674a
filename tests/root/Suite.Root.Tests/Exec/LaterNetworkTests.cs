using System.Diagnostics;
using Suite.Linux.Errors;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>A pod whose network namespace is made while its shim makes everything else.</summary>
public sealed class LaterNetworkTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task Its_containers_are_in_the_network_that_followed_with_the_pods_settings()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller(), plan => plan with
        {
            NetworkFollows = true,
            Sysctls = new Dictionary<string, string> { ["net.ipv4.ip_unprivileged_port_start"] = "7", ["kernel.shm_rmid_forced"] = "1" },
        });
        using var other = Process.Start("unshare", ["--net", "sleep", "60"]);
        try
        {
            var network = await NetworkOfAsync(other.Id);
            await pod.Shim.JoinNetworkAsync($"/proc/{other.Id}/ns/net", ExecFixture.Token);

            var (exit, output) = await pod.ShellAsync("c", "readlink /proc/self/ns/net; cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shm_rmid_forced");
            Assert.Equal(0, exit.Code);
            Assert.Equal($"{network}\n7\n1\n", output);
            Assert.Equal("1024", (await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start", ExecFixture.Token)).Trim());
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync(CancellationToken.None);
        }
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Before_it_is_there_no_container_can_be_made_in_the_hosts()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller(), plan => plan with { NetworkFollows = true });
        var failure = await Assert.ThrowsAsync<SuiteException>(() => pod.StartAsync("early", pod.Spec("early", "true")));
        Assert.Equal((ErrorKind.FailedPrecondition, "create the container early: the network of the pod pod is not there yet"), (failure.Kind, failure.Message));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task It_follows_once_and_only_where_it_was_announced()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var failure = await Assert.ThrowsAsync<SuiteException>(() => pod.Shim.JoinNetworkAsync("/proc/self/ns/net", ExecFixture.Token));
        Assert.Equal((ErrorKind.FailedPrecondition, "join the network of the pod pod: it waits for none"), (failure.Kind, failure.Message));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task What_is_no_network_namespace_is_refused()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller(), plan => plan with { NetworkFollows = true });
        var failure = await Assert.ThrowsAnyAsync<SuiteException>(() => pod.Shim.JoinNetworkAsync("/proc/self/ns/uts", ExecFixture.Token));
        Assert.Contains("join the pod's network namespace", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> NetworkOfAsync(int pid)
    {
        var own = new FileInfo("/proc/self/ns/net").LinkTarget;
        for (var i = 0; i < 500; i++, await Task.Delay(10, ExecFixture.Token))
        {
            if (new FileInfo($"/proc/{pid}/ns/net").LinkTarget is { } theirs && theirs != own)
                return theirs;
        }

        throw new InvalidOperationException($"process {pid} did not leave the host's network");
    }
}
