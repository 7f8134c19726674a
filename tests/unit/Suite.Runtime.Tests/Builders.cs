using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Pods;
using Suite.Runtime.Specs;
using Suite.Runtime.Users;

namespace Suite.Runtime.Tests;

/// <summary>Records with what a test does not care about filled in.</summary>
internal static class Builders
{
    public static Pod Pod(string id = "pod1", PodOrigin origin = PodOrigin.Kubernetes, PodState state = PodState.Ready) => new()
    {
        Id = id,
        Origin = origin,
        Config = new PodConfig { Metadata = new PodMetadata("web", "uid-" + id, "default", 0), Hostname = "web-0" },
        State = state,
        CreatedAt = 1,
    };

    public static ContainerConfig Config(string name = "main") => new() { Name = name, Image = "busybox", Command = ["sh"] };

    public static ContainerRecord Container(string id = "c1", string podId = "pod1", ContainerConfig? config = null, ContainerState state = ContainerState.Created) => new()
    {
        Id = id,
        PodId = podId,
        Origin = PodOrigin.Kubernetes,
        Config = config ?? Config(),
        State = state,
        CreatedAt = 1,
        Image = new ContainerImage("sha256:image", "sha256:image", ImageDefaults.None),
    };

    public static SpecInputs Inputs(ContainerConfig? config = null, ImageDefaults? image = null)
    {
        var container = Container(config: config);
        return new SpecInputs
        {
            Container = container with { Image = container.Image with { Defaults = image ?? ImageDefaults.None } },
            Pod = Pod(),
            PodPlan = new PodPlan { Id = "pod1", Directory = "/run/suite/pods/pod1", CgroupPath = "/suite/pod1" },
            User = new ResolvedUser(new ContainerUser(0, 0, [0]), "/root"),
            Devices = [],
            CgroupPath = "/suite/pod1/c1",
        };
    }
}
