using Grpc.Core;
using Runtime.V1;
using Suite.E2e.Tests.Runtime;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Drivers;

/// <summary>Images as volumes of a container, whatever driver keeps them.</summary>
internal static class ImageVolumeTour
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task TakeAsync(SuiteInstance suite)
    {
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var config = KubernetesRig.ContainerConfig("main", "sleep", "1000");
        config.Mounts.Add(new Mount { ContainerPath = "/volume", Readonly = true, Image = new ImageSpec { Image = KubernetesRig.Image } });
        config.Mounts.Add(new Mount { ContainerPath = "/part", Readonly = true, Image = new ImageSpec { Image = KubernetesRig.Image }, ImageSubPath = "etc" });
        config.Mounts.Add(new Mount { ContainerPath = "/volume-file", Readonly = true, Image = new ImageSpec { Image = KubernetesRig.Image }, ImageSubPath = "etc/passwd" });
        var id = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);

        Assert.Equal("ran", (await rig.ExecAsync(id, "/volume/bin/busybox", "echo", "-n", "ran")).Stdout.ToStringUtf8());
        Assert.Contains("Read-only file system", (await rig.ExecAsync(id, "touch", "/volume/x")).Stderr.ToStringUtf8());
        Assert.Contains("alice", (await rig.ExecAsync(id, "cat", "/part/passwd")).Stdout.ToStringUtf8());
        Assert.Contains("Read-only file system", (await rig.ExecAsync(id, "touch", "/part/x")).Stderr.ToStringUtf8());
        Assert.Equal("alice", (await rig.ExecAsync(id, "sh", "-c", "test -f /volume-file && grep -o ^alice /volume-file")).Stdout.ToStringUtf8().Trim());
        Assert.Contains("Read-only file system", (await rig.ExecAsync(id, "sh", "-c", "echo >> /volume-file")).Stderr.ToStringUtf8());
        // Of a device that is mounted in part the whole is nowhere.
        Assert.Equal("3", (await rig.ExecAsync(id, "/bin/busybox", "grep", "-cE", " /(volume|part|volume-file) ", "/proc/mounts")).Stdout.ToStringUtf8().Trim());
        var status = await rig.StatusAsync(id);
        Assert.Equal(status.ImageId, status.Mounts.Single(mount => mount.ContainerPath == "/volume").Image.ImageRef);
        Assert.Equal("etc", status.Mounts.Single(mount => mount.ContainerPath == "/part").ImageSubPath);

        // The volume keeps its image in use until the container goes.
        await rig.RemovePodAsync(pod);
        Assert.Empty((await new Graph.V1.Graph.GraphClient(suite.Channel("image")).ListRootfsAsync(new Graph.V1.ListRootfsRequest(), cancellationToken: Token)).Rootfs);
    }
}
