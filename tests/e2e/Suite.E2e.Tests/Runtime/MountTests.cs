using Grpc.Core;
using Runtime.V1;
using Suite.E2e.Tests.Drivers;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>What kubelet has mounted in a container: folders of the host, and images.</summary>
public sealed class MountTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task An_image_is_seen_read_only_whole_or_in_part()
    {
        await using var suite = await SuiteInstance.StartAsync();
        await ImageVolumeTour.TakeAsync(suite);
    }

    [RootFact(Needs = Needs)]
    public async Task An_image_that_cannot_be_a_volume_is_refused_and_leaves_nothing()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var good = new Mount { ContainerPath = "/volume", Readonly = true, Image = new ImageSpec { Image = KubernetesRig.Image } };
        await RefusedAsync(StatusCode.InvalidArgument, "image_sub_path", mount => mount.ImageSubPath = "no/such");
        await RefusedAsync(StatusCode.InvalidArgument, "image_sub_path", mount => mount.ImageSubPath = "../etc");
        await RefusedAsync(StatusCode.InvalidArgument, "readonly", mount => mount.Readonly = false);
        await RefusedAsync(StatusCode.InvalidArgument, "host_path", mount => mount.HostPath = "/tmp");
        await RefusedAsync(StatusCode.InvalidArgument, "propagation", mount => mount.Propagation = MountPropagation.PropagationHostToContainer);
        await RefusedAsync(StatusCode.NotFound, "nowhere", mount => mount.Image.Image = "nowhere:1");
        Assert.Empty((await rig.Runtime.ListContainersAsync(new ListContainersRequest(), cancellationToken: Token)).Containers);
        Assert.Empty((await new Graph.V1.Graph.GraphClient(suite.Channel("image")).ListRootfsAsync(new Graph.V1.ListRootfsRequest(), cancellationToken: Token)).Rootfs);
        await rig.RemovePodAsync(pod);

        async Task RefusedAsync(StatusCode code, string word, Action<Mount> spoil)
        {
            var config = KubernetesRig.ContainerConfig("main", "true");
            var mount = good.Clone();
            spoil(mount);
            config.Mounts.Add(mount);
            Assert.Contains(word, (await KubernetesRig.FailsAsync(code, () => rig.CreateAsync(pod, config))).Status.Detail);
        }
    }

    [RootFact(Needs = Needs)]
    public async Task A_folder_of_the_host_is_seen_through_links_and_told_as_asked()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var folder = Directory.CreateDirectory(Path.Combine(suite.Root, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "file"), "text", Token);
        var link = Path.Combine(suite.Root, "link");
        File.CreateSymbolicLink(link, folder);
        var pod = await rig.RunPodAsync();
        var config = KubernetesRig.ContainerConfig("main", "sleep", "1000");
        config.Mounts.Add(new Mount { ContainerPath = "/data", HostPath = link });
        config.Mounts.Add(new Mount { ContainerPath = "/fixed", HostPath = folder, Readonly = true, RecursiveReadOnly = true });
        config.Mounts.Add(new Mount { ContainerPath = "/made", HostPath = Path.Combine(suite.Root, "not/there/yet") });
        config.Mounts.Add(new Mount { ContainerPath = "/still", HostPath = folder, MountOptions = { "noexec", "nosuid", "nodev" } });
        var id = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        Assert.Equal("text", (await rig.ExecAsync(id, "cat", "/data/file")).Stdout.ToStringUtf8());
        Assert.Equal(0, (await rig.ExecAsync(id, "touch", "/data/new", "/made/new")).ExitCode);
        Assert.Contains("Read-only", (await rig.ExecAsync(id, "touch", "/fixed/new")).Stderr.ToStringUtf8());
        Assert.Contains("nosuid,nodev,noexec", (await rig.ExecAsync(id, "sh", "-c", "mount | while read l; do case \"$l\" in *' /still '*) echo $l;; esac; done")).Stdout.ToStringUtf8());
        Assert.Equal(config.Mounts, (await rig.StatusAsync(id)).Mounts);
        await rig.RemovePodAsync(pod);
    }
}
