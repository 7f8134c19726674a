using Google.Protobuf;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;
using Cri = Runtime.V1;

namespace Suite.Runtime.Tests.Mapping;

public sealed class ContainerMappingTests
{
    private static Cri.ContainerConfig Valid() => new()
    {
        Metadata = new Cri.ContainerMetadata { Name = "main", Attempt = 1 },
        Image = new Cri.ImageSpec { Image = "sha256:abc", UserSpecifiedImage = "busybox:1" },
        Command = { "sh" },
        Args = { "-c", "true" },
        Envs = { new Cri.KeyValue { Key = "A", Value = ByteString.CopyFromUtf8("1") } },
        Mounts = { new Cri.Mount { HostPath = "/a", ContainerPath = "/b", Readonly = true } },
        LogPath = "main/1.log",
        StopSignal = Cri.Signal.Sigquit,
        Linux = new Cri.LinuxContainerConfig
        {
            Resources = new Cri.LinuxContainerResources { MemoryLimitInBytes = 1 << 20, OomScoreAdj = -5 },
            SecurityContext = new Cri.LinuxContainerSecurityContext { RunAsUser = new Cri.Int64Value { Value = 5 }, RunAsGroup = new Cri.Int64Value { Value = 6 } },
        },
    };

    [Fact]
    public void Every_field_arrives()
    {
        var config = Valid().ToDomain();
        Assert.Equal(("main", 1u, "sha256:abc", "busybox:1"), (config.Name, config.Attempt, config.Image, config.UserSpecifiedImage));
        Assert.Equal(["A=1"], config.Environment);
        Assert.Equal(new BindMount("/a", "/b", true).ContainerPath, Assert.Single(config.Mounts).ContainerPath);
        Assert.Equal(3, config.StopSignal);
        Assert.Equal(("5", 6L), (config.Security.User, config.Security.Group!.Value));
        Assert.Equal((1L << 20, -5L), (config.Resources.MemoryBytes, config.Resources.OomScoreAdjust!.Value));
    }

    [Theory]
    [InlineData("config.image.image")]
    [InlineData("config.log_path")]
    [InlineData("config.mounts[0].container_path")]
    [InlineData("config.mounts[0].recursive_read_only")]
    [InlineData("config.mounts[0].propagation")]
    [InlineData("config.mounts[0].mount_options")]
    [InlineData("config.linux.security_context.run_as_group")]
    [InlineData("config.linux.security_context.run_as_username")]
    [InlineData("config.devices[0].permissions")]
    [InlineData("config.envs[0].key")]
    [InlineData("config.envs[0].value")]
    [InlineData("config.mounts[0].uidMappings")]
    [InlineData("config.mounts[0].gidMappings")]
    public void What_is_wrong_is_named_by_its_field(string field)
    {
        var config = Valid();
        switch (field)
        {
            case "config.image.image": config.Image.Image = ""; break;
            case "config.log_path": config.LogPath = "../../etc/cron.d/x"; break;
            case "config.mounts[0].container_path": config.Mounts[0].ContainerPath = "b"; break;
            case "config.mounts[0].recursive_read_only": config.Mounts[0].RecursiveReadOnly = true; config.Mounts[0].Readonly = false; break;
            case "config.mounts[0].propagation": config.Mounts[0].Propagation = Cri.MountPropagation.PropagationBidirectional; break;
            case "config.mounts[0].mount_options": config.Mounts[0].MountOptions.Add("suid"); break;
            case "config.linux.security_context.run_as_group": config.Linux.SecurityContext.RunAsUser = null; break;
            case "config.linux.security_context.run_as_username": config.Linux.SecurityContext.RunAsUsername = "x"; break;
            case "config.envs[0].key": config.Envs[0].Key = "A=B"; break;
            case "config.envs[0].value": config.Envs[0].Value = ByteString.CopyFrom(0x61, 0xff); break;
            case "config.mounts[0].uidMappings": config.Mounts[0].UidMappings.Add(new Cri.IDMapping { ContainerId = 1, HostId = 5, Length = 6 }); break;
            case "config.mounts[0].gidMappings": config.Mounts[0].UidMappings.Add(new Cri.IDMapping { HostId = 5, Length = 6 }); break;
            case "config.devices[0].permissions": config.Devices.Add(new Cri.Device { HostPath = "/dev/null", Permissions = "x" }); break;
        }
        var failure = Assert.Throws<SuiteException>(() => config.ToDomain());
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.StartsWith(field, failure.Message);
    }

    [Theory]
    [InlineData(0, false, "Completed")]
    [InlineData(1, false, "Error")]
    [InlineData(137, true, "OOMKilled")]
    public void The_reason_follows_from_the_end(int exitCode, bool oomKilled, string reason) =>
        Assert.Equal(reason, ExitReasons.Of(exitCode, oomKilled));

    [Fact]
    public void States_are_told_as_kubelet_knows_them()
    {
        var expected = new Dictionary<ContainerState, Cri.ContainerState>
        {
            [ContainerState.Creating] = Cri.ContainerState.ContainerCreated,
            [ContainerState.Discarding] = Cri.ContainerState.ContainerCreated,
            [ContainerState.Created] = Cri.ContainerState.ContainerCreated,
            [ContainerState.Starting] = Cri.ContainerState.ContainerCreated,
            [ContainerState.Running] = Cri.ContainerState.ContainerRunning,
            [ContainerState.Exited] = Cri.ContainerState.ContainerExited,
            [ContainerState.Removing] = Cri.ContainerState.ContainerExited,
        };
        Assert.All(Enum.GetValues<ContainerState>(), state => Assert.Equal(expected[state], state.ToMessage()));
    }

    [Fact]
    public void A_status_echoes_what_was_asked()
    {
        var container = Builders.Container(config: Valid().ToDomain(), state: ContainerState.Exited) with
        {
            StopSignal = 3,
            ExitCode = 2,
            Reason = "Error",
            LogPath = "/logs/main/1.log",
            User = new ContainerUser(5, 6, [6]),
        };
        var status = container.ToStatus();
        Assert.Equal(Valid().Metadata, status.Metadata);
        Assert.Equal(("sha256:abc", "sha256:image", "/logs/main/1.log"), (status.Image.Image, status.ImageId, status.LogPath));
        Assert.Equal(Cri.Signal.Sigquit, status.StopSignal);
        Assert.Equal(1 << 20, status.Resources.Linux.MemoryLimitInBytes);
        Assert.Equal((5L, 6L), (status.User.Linux.Uid, status.User.Linux.Gid));
        Assert.Equal(Valid().Mounts[0], Assert.Single(status.Mounts));
    }

    [Fact]
    public void A_mount_is_told_with_all_that_was_asked()
    {
        var mount = new Cri.Mount
        {
            HostPath = "/a", ContainerPath = "/b", Readonly = true, RecursiveReadOnly = true, SelinuxRelabel = true, MountOptions = { "noexec" },
            UidMappings = { new Cri.IDMapping { HostId = 1000, Length = 10 } }, GidMappings = { new Cri.IDMapping { HostId = 2000, Length = 10 } },
        };
        Assert.Equal(mount, MountMapping.ToDomain(mount, "", privileged: false).ToMessage());
    }

    [Fact]
    public void A_volume_with_other_users_than_its_pod_is_refused()
    {
        var ids = new UserMap(new IdRange(1000, 10), new IdRange(1000, 10));
        var config = Builders.Config() with { Mounts = [new BindMount("/a", "/b", false) { Ids = ids }] };
        var pod = Builders.Pod();
        Assert.Contains("uidMappings", Assert.Throws<SuiteException>(() => VolumeChecks.Check(config, pod)).Message);
        VolumeChecks.Check(config, pod with { Config = pod.Config with { Users = ids } });
    }
}
