using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Tests.Bundles;

public sealed class BundlePlannerTests
{
    private static readonly OciRuntime Runtime = new() { Path = "/usr/bin/runc", Root = "/run/suite/handlers/runc", Options = ["--debug"] };

    private static readonly PodPlan Pod = new() { Id = "p", Directory = "/run/suite/pods/p", CgroupPath = "/suite/p", Runtime = Runtime };

    private static readonly PodPlan MappedPod = Pod with
    {
        UidMappings = [new() { ContainerID = 0, HostID = 1000, Size = 10 }],
        GidMappings = [new() { ContainerID = 0, HostID = 2000, Size = 10 }],
    };

    private static readonly ContainerOptions Options = new()
    {
        Id = "web",
        Rootfs = new() { Type = "overlay", Source = "overlay", Options = ["lowerdir=/l/1", "upperdir=/rw/upper", "workdir=/rw/work"] },
    };

    [Fact]
    public void A_container_is_a_bundle_and_a_create_of_the_runtime() => Assert.Equal(
        """
        container web
        clone for another runtime with new mount
        make the bundle /run/suite/pods/p/bundles/web
        write /run/suite/pods/p/bundles/web/config.json
        make the mounts rslave
        mount the root: overlay on /run/suite/pods/p/bundles/web/rootfs (lowerdir=/l/1, upperdir=/rw/upper, workdir=/rw/work)
        put the host's /srv/data in its place
        make the mounts rslave
        put the host's /srv/both in its place
        execute /usr/bin/runc --debug --root /run/suite/handlers/runc --log /run/suite/pods/p/bundles/web/create.log --log-format json create --bundle /run/suite/pods/p/bundles/web --pid-file /run/suite/pods/p/bundles/web/create.pid web in / with PATH

        """,
        BundlePlanner.PlanContainer(Spec(), Options, Pod).ToString());

    [Fact]
    public void Sources_are_the_hosts_but_for_the_pods_own_and_each_is_put_in_its_place_once()
    {
        Mount Bind(string source, string propagation = "rprivate") => new() { Destination = "/to" + source, Type = "bind", Source = source, Options = ["rbind", propagation] };
        var spec = Spec() with { Mounts = [Bind("/run/suite/pods/p/shm"), Bind("/v/a/b"), Bind("/s/in", "rshared"), Bind("/v/a"), Bind("/v/ab"), Bind("/s", "rshared"), Bind("/s/in/deep", "rslave"), Bind("/v/a")] };
        var lines = BundlePlanner.PlanContainer(spec, Options, Pod).ToString().Split('\n');
        Assert.Equal(
            ["put the host's /s/in/deep in its place", "put the host's /v/a in its place", "put the host's /v/ab in its place", "make the mounts rslave", "put the host's /s in its place"],
            lines[6..^2]);
    }

    [Fact]
    public void The_layers_of_a_pod_with_users_are_mapped_before_and_its_volumes_by_the_runtime()
    {
        var plan = BundlePlanner.PlanContainer(Spec(), Options with { Rootfs = Options.Rootfs! with { Options = [.. Options.Rootfs.Options!, "idmap"] } }, MappedPod);
        var text = plan.ToString();
        Assert.True(text.IndexOf("open the user namespace /run/suite/pods/p/ns/user", StringComparison.Ordinal) is > 0 and var opened && opened < text.IndexOf("mount the root", StringComparison.Ordinal));
        Assert.Contains("idmap of the container", text);

        var written = Config(plan);
        Assert.Equal(MappedPod.UidMappings, written.Linux!.UidMappings);
        Assert.Equal(MappedPod.GidMappings, written.Mounts!.Single(mount => mount.Destination == "/data").GidMappings);
        // Only who owns the network may mount a sysfs of it.
        Assert.Equal(("bind", "/sys"), (written.Mounts!.Single(mount => mount.Destination == "/sys").Type, written.Mounts!.Single(mount => mount.Destination == "/sys").Source));
    }

    [Fact]
    public void The_configuration_is_what_our_own_driver_is_given_with_another_root()
    {
        var written = Config(BundlePlanner.PlanContainer(Spec(), Options, Pod));
        Assert.Equal("/run/suite/pods/p/bundles/web/rootfs", written.Root!.Path);
        Assert.Equal(
            JsonSerializer.Serialize(Spec() with { OciVersion = "1.0.2", Root = new() { Path = written.Root.Path, Readonly = true } }, RuntimeJson.Default.Spec),
            JsonSerializer.Serialize(written, RuntimeJson.Default.Spec));
    }

    [Fact]
    public void A_process_is_a_file_and_an_exec_of_the_runtime_with_a_socket_for_its_terminal()
    {
        var plan = BundlePlanner.PlanProcess(new Process { Args = ["sh"], Cwd = "/", Terminal = true }, "web", "e1", Pod);
        var lines = plan.ToString().Split('\n');
        Assert.Equal("write /run/suite/pods/p/bundles/web/e1.json", lines[1]);
        Assert.Matches("exec --process /run/suite/pods/p/bundles/web/e1.json --detach --pid-file /run/suite/pods/p/bundles/web/e1.pid --console-socket /run/suite/pods/p/t[0-9a-f]{8} web", lines[2]);
        // A path of a socket has 107 bytes: no longer than the shim's own.
        Assert.Equal("/run/suite/pods/p/shim.sock".Length, plan.Request.Bundle!.Console!.Length);
    }

    [Fact]
    public void A_plan_comes_to_the_shim_as_it_was_made()
    {
        var plan = BundlePlanner.PlanContainer(Spec(), Options, Pod);
        var writer = new WireWriter();
        PlanCodec.Write(writer, plan.Request, plan.Steps);
        var reader = new WireReader(writer.Written);
        Assert.Equal(plan.Request.Bundle, PlanCodec.ReadClone(ref reader).Bundle);
        var steps = new List<string>();
        while (!reader.AtEnd)
            steps.Add(PlanCodec.ReadStep(ref reader).ToString());
        Assert.Equal(plan.Steps.Select(step => step.ToString()), steps);
    }

    [Fact]
    public void A_pod_comes_to_the_shim_with_its_runtime()
    {
        var writer = new WireWriter();
        PodCodec.Write(writer, Pod);
        var reader = new WireReader(writer.Written);
        var read = PodCodec.ReadPod(ref reader).Runtime!;
        Assert.Equal((Runtime.Path, Runtime.Root), (read.Path, read.Root));
        Assert.Equal(Runtime.Options, read.Options);
    }

    [Fact]
    public void What_would_become_a_wrong_path_is_refused()
    {
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => BundlePlanner.PlanContainer(Spec(), Options with { Id = "../x" }, Pod)).Kind);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => BundlePlanner.PlanProcess(new Process { Args = ["sh"] }, "web", "a/b", Pod)).Kind);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => BundlePlanner.PlanContainer(Spec(), Options, Pod with { Runtime = null })).Kind);
    }

    private static Spec Config(ContainerPlan plan) =>
        JsonSerializer.Deserialize(plan.Steps.OfType<WriteFile>().Single().Contents, RuntimeJson.Default.Spec)!;

    private static Spec Spec() => new()
    {
        Process = new() { Args = ["httpd"], Cwd = "/", Env = ["TOKEN=secret"] },
        Root = new() { Path = "/run/suite/pods/p/rootfs", Readonly = true },
        Mounts =
        [
            new() { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = ["ro"] },
            new() { Destination = "/data", Type = "bind", Source = "/srv/data", Options = ["rbind", "rprivate", "idmap"] },
            new() { Destination = "/both", Type = "bind", Source = "/srv/both", Options = ["rbind", "rshared"] },
        ],
        Linux = new LinuxSpec { CgroupsPath = "/suite/p/web", Namespaces = [new() { Type = "mount" }] },
    };
}
