using System.Diagnostics;
using Runtime.V1;

namespace Suite.E2e.Tests.Runtime;

/// <summary>
/// A volume that is mounted between a pod and its container, below a mount that is private: no copy of the host's mounts that the pod
/// has can know of it (mount_namespaces(7)).
/// </summary>
internal static class LateMount
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task CheckAsync(KubernetesRig rig, PodSandboxConfig podConfig, bool privileged, string handler = "")
    {
        var top = Directory.CreateDirectory(Path.Combine(rig.Suite.Root, "volumes")).FullName;
        await RunAsync("mount", "--bind", top, top);
        await RunAsync("mount", "--make-private", top);
        try
        {
            var volume = Directory.CreateDirectory(Path.Combine(top, "volume")).FullName;
            var pod = await rig.RunPodAsync(podConfig, handler);
            await RunAsync("mount", "-t", "tmpfs", "-o", "mode=777", "tmpfs", volume);
            await RunAsync("mount", "--make-shared", volume);
            foreach (var place in new[] { "in", "out" })
                Directory.CreateDirectory(Path.Combine(volume, place));
            var config = KubernetesRig.ContainerConfig("main", "sleep", "1000");
            config.Linux.SecurityContext.NamespaceOptions = podConfig.Linux.SecurityContext?.NamespaceOptions ?? config.Linux.SecurityContext.NamespaceOptions;
            config.Linux.SecurityContext.Privileged = privileged;
            config.Mounts.Add(new Mount { ContainerPath = "/private", HostPath = volume });
            config.Mounts.Add(new Mount { ContainerPath = "/slave", HostPath = volume, Propagation = MountPropagation.PropagationHostToContainer });
            if (privileged)
                config.Mounts.Add(new Mount { ContainerPath = "/shared", HostPath = volume, Propagation = MountPropagation.PropagationBidirectional });
            var id = await rig.CreateAsync(pod, config);
            await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);

            await RunAsync("mount", "-t", "tmpfs", "tmpfs", Path.Combine(volume, "in"));
            await File.WriteAllTextAsync(Path.Combine(volume, "in", "file"), "x", Token);
            Assert.Equal("/private/in\n/private/out\n/slave/in\n/slave/in/file\n/slave/out\n", (await rig.ExecAsync(id, "sh", "-c", "ls -d /private/* /private/in/* /slave/* /slave/in/* 2>/dev/null | sort")).Stdout.ToStringUtf8());

            // What is mounted in the container reaches the host from where that was asked for alone.
            if (privileged)
            {
                Assert.Equal(0, (await rig.ExecAsync(id, "sh", "-c", "for at in private slave; do mount -t tmpfs tmpfs /$at/out && touch /$at/out/no || exit; done")).ExitCode);
                Assert.Empty(Directory.GetFiles(Path.Combine(volume, "out")));
                Assert.Equal(0, (await rig.ExecAsync(id, "sh", "-c", "mount -t tmpfs tmpfs /shared/out && touch /shared/out/yes")).ExitCode);
                Assert.Equal(["yes"], Directory.GetFiles(Path.Combine(volume, "out")).Select(Path.GetFileName));
            }

            await rig.RemovePodAsync(pod);
        }
        finally
        {
            await RunAsync("umount", "-R", top);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}
