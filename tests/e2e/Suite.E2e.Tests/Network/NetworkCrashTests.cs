using System.Net;
using Grpc.Core;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Network;

/// <summary>suite-network is killed in the middle of its work, or has no room to write: what there is then is what is recorded.</summary>
public sealed class NetworkCrashTests
{
    private const int Rounds = 6;
    private const int AtOnce = 6;

    [RootFact(Needs = Need.Executables)]
    public async Task Killed_in_the_middle_of_attaching_and_detaching_it_comes_back_with_whole_attachments_and_no_others()
    {
        await using var rig = await HostRig.StartAsync(InstanceName.OfCaller());
        for (var round = 0; round < Rounds; round++)
        {
            var underWay = Enumerable.Range(0, AtOnce).Select(n => TryAsync(async () =>
            {
                await rig.AttachAsync($"r{round}-{n}", request => request.PortMappings.Add(new PortMapping { HostPort = (uint)(9000 + n), ContainerPort = 80 }));
                await rig.DetachAsync($"r{round}-{n}");
            })).ToList();
            // Each round a little later, so that the kill meets another step.
            await Task.Delay(3 * (round + 1));
            await rig.KillServiceAsync();
            await Task.WhenAll(underWay);
            await rig.StartServiceAsync();

            var attached = (await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments;
            foreach (var attachment in attached)
            {
                await rig.Client.CheckAttachmentAsync(new CheckAttachmentRequest { SandboxId = attachment.SandboxId });
                using var server = Talk.Serve(attachment.NetnsPath, 80, "whole");
                Assert.Equal("whole", await Talk.AskAsync(rig.Host, IPAddress.Loopback, (int)attachment.PortMappings[0].HostPort));
                await rig.DetachAsync(attachment.SandboxId);
            }

            // It is made with the first attachment, as the table is, and a kill may have come before that.
            var namespaces = rig.Folder.Path("run", "netns");
            if (Directory.Exists(namespaces))
                await HostRig.UntilAsync("namespaces are gone", () => Task.Run(() => Assert.Empty(Directory.GetFiles(namespaces))));
            Assert.DoesNotContain(" . 80", HostRig.Run(rig.Host, "nft", "list", "ruleset"), StringComparison.Ordinal);
        }

        // Every address and port is free again.
        var last = await rig.AttachAsync("last", request => request.PortMappings.Add(Enumerable.Range(0, AtOnce).Select(n => new PortMapping { HostPort = (uint)(9000 + n), ContainerPort = 80 })));
        Assert.Equal(AtOnce, last.PortMappings.Count);
    }

    [RootFact(Needs = Need.Executables)]
    public async Task A_full_disk_is_said_and_leaves_the_state_as_it_was()
    {
        await using var rig = await HostRig.StartAsync(InstanceName.OfCaller(), "collectSeconds=3600");
        // The state on a file system of its own, which can be filled: the service is started again on it.
        await rig.KillServiceAsync();
        string root = rig.Folder.Path("root");
        HostRig.Run(rig.Host, "mount", "-t", "tmpfs", "-o", "size=2m", rig.Name, root);
        try
        {
            await rig.StartServiceAsync();
            await rig.AttachAsync("before");
            string filler = Path.Combine(root, "filler");
            HostRig.Run(rig.Host, "sh", "-c", $"cat /dev/zero > {filler} 2>/dev/null; true");
            RpcException? refused = null;
            for (var n = 0; n < 200 && refused is null; n++)
            {
                try
                {
                    await rig.AttachAsync($"full{n}");
                }
                catch (RpcException e)
                {
                    refused = e;
                }
            }

            Assert.NotNull(refused);
            var attached = (await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments;
            Assert.Contains(attached, attachment => attachment.SandboxId == "before");
            // Of what was refused nothing is in the kernel.
            Assert.Equal(attached.Count, Directory.GetFiles(rig.Folder.Path("run", "netns")).Length);
            File.Delete(filler);
            await rig.AttachAsync("after");
            foreach (var attachment in attached)
                await rig.DetachAsync(attachment.SandboxId);
            await rig.DetachAsync("after");
            await rig.Client.ReleaseAsync(new ReleaseRequest());
            rig.Expected = line => line.Contains("SQLite", StringComparison.Ordinal) || line.Contains("full", StringComparison.Ordinal);
            await rig.StopServiceAsync();
        }
        finally
        {
            await rig.KillServiceAsync();
            HostRig.Run(rig.Host, "umount", root);
        }

        await rig.StartServiceAsync();
    }

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (RpcException)
        {
            // The service was killed meanwhile: that is the test.
        }
    }
}
