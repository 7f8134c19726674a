using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Tests.Plans;

public sealed class ContainerPlanTests
{
    [Fact]
    public void The_steps_of_a_container_are_in_the_order_in_which_they_work()
    {
        Assert.Equal(
            """
            container web
            clone for /suite/pod1/web with new pid mount uts
            set oom_score_adj 100
            join the network namespace /run/suite/netns/suite-1
            make the cgroup: memory 67108864, cpu shares 512, cpu quota 50000, cpu period 100000, pids 32, devices deny a, devices allow c *:* m, devices allow b *:* m, devices allow c 1:3 rwm, devices allow c 1:5 rwm, devices allow c 1:7 rwm, devices allow c 1:8 rwm, devices allow c 1:9 rwm, devices allow c 5:0 rwm, devices allow c 5:1 rwm, devices allow c 5:2 rwm, devices allow c 136:* rwm
            make the mounts rslave
            mount the root: overlay on /run/suite/pods/p/rootfs (lowerdir=/l/2:/l/1, upperdir=/rw/upper, workdir=/rw/work)
            mount proc on /proc (nosuid, nodev, noexec)
            mount tmpfs on /dev (nosuid, strictatime, mode=755, size=65536k)
            rbind /srv/data on /data (ro, rslave)
            mount the cgroups on /sys/fs/cgroup (ro)
            make the device /dev/null c 1:3 0666
            make the device /dev/zero c 1:5 0666
            make the device /dev/full c 1:7 0666
            make the device /dev/random c 1:8 0666
            make the device /dev/urandom c 1:9 0666
            make the device /dev/tty c 5:0 0666
            link /dev/fd to /proc/self/fd
            link /dev/stdin to /proc/self/fd/0
            link /dev/stdout to /proc/self/fd/1
            link /dev/stderr to /proc/self/fd/2
            link /dev/ptmx to pts/ptmx
            set the hostname web
            set the sysctl net.ipv4.ip_forward = 1
            pivot the root
            mask /proc/kcore
            make /proc/sys read-only
            set RLIMIT_NOFILE 1024:unlimited
            make the directory /srv
            make the root read-only
            enter the cgroup and a cgroup namespace
            become "www:www", groups 5 6, umask 022, bounded by CHOWN NET_BIND_SERVICE
            set no_new_privs
            keep the capabilities: effective CHOWN, permitted CHOWN, inheritable none, ambient none
            execute httpd -f in /srv with PATH TOKEN

            """,
            ContainerPlan.From(Specs.Full, Specs.Options).ToString());
    }

    [Fact]
    public void What_few_ask_for_has_its_place_too()
    {
        var plan = ContainerPlan.From(Specs.Everything, Specs.Options).ToString();
        var wanted = new[]
        {
            "connect to the listener /run/listener",
            "make the cgroup: memory 1048576, memory reservation 524288, memory and swap -1, swappiness 3, no oom killer, cpu shares 2, cpu quota 5000, cpu burst 1000, cpu idle 1, realtime runtime 5, realtime period 10, cpus 0-1, memory nodes 0, block weight 100, block leaf weight 10, block Weight 8:1 20, block LeafWeight 8:1 30, block ReadBytes 8:0 5, block WriteOperations 8:0 6, hugepages of 2MB 4096, network class 1048577, network priority eth0 5, rdma mlx5 hca_handle=2 hca_object=max, devices deny a",
            "enter the class of service web with L3:0=f L2:0=1, monitored",
            "make a user namespace",
            "open /ids for the mount 4",
            "make tmpfs for the mount 6 (nosuid, size=4k, context=system_u:object_r:files_t:s0:c1,c2, idmap uids 0=0+1, gids 0=0+1)",
            "enter the user namespace",
            "have the runtime move its network devices",
            "mount tmpfs on /dev (nosuid, strictatime, mode=755, size=65536k, context=system_u:object_r:files_t:s0:c1,c2)",
            "mount tmpfs on /copy (tmpcopyup, context=system_u:object_r:files_t:s0:c1,c2)",
            "bind tmpfs on /shown (nosuid)",
            "have the runtime run its hooks",
            "run the hooks hooks.createContainer[0] /h/3",
            "pivot the root",
            "enter the cgroup and a cgroup namespace",
            "run the hooks hooks.startContainer[0] /h/4",
            "set the personality 0x8",
            "set the memory policy MPOL_BIND 0",
            "label the program with profile (apparmor)",
            "label the program with label (selinux)",
            "become \"www:www\"",
            "filter system calls: ",
            "keep the capabilities",
            "execute httpd",
        };
        var at = 0;
        foreach (var line in wanted)
        {
            var found = plan.IndexOf("\n" + line, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"\"{line}\" is not behind what comes before it in\n{plan}");
            at = found + 1;
        }
    }

    [Fact]
    public void A_later_process_gets_the_confinement_of_the_first()
    {
        var plan = ProcessPlan.From(Specs.Full.Process!, new ProcessOptions());
        Assert.Equal(
            """
            process
            set oom_score_adj 100
            enter the cgroup
            join the container's namespaces
            set RLIMIT_NOFILE 1024:unlimited
            make the directory /srv
            become 0:0, groups 5 6, umask 022, bounded by CHOWN NET_BIND_SERVICE
            set no_new_privs
            keep the capabilities: effective CHOWN, permitted CHOWN, inheritable none, ambient none
            execute httpd -f in /srv with PATH TOKEN

            """,
            plan.ToString());
    }

    [Fact]
    public void Every_step_comes_back_from_the_wire_as_it_was_written()
    {
        var spec = Specs.Everything;
        spec = spec with { Process = spec.Process! with { Terminal = true }, Domainname = "example", Linux = spec.Linux! with { Devices = [new() { Type = "b", Path = "/dev/disk", Major = 8, Minor = 1, Uid = 3 }] } };
        var joined = spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces!.Where(item => item.Type != "mount"), new() { Type = "mount", Path = "/run/mounts" }] } };
        foreach (var (file, options) in new[] { (spec, Specs.Options), (spec, Specs.Options with { Rootfs = null }), (spec, Specs.Options with { NoPivot = true, AwaitsStart = true }), (joined, Specs.Options) })
        {
            var plan = ContainerPlan.From(file, options);
            var writer = new WireWriter();
            PlanCodec.Write(writer, plan.Request, plan.Steps);

            var reader = new WireReader(writer.Written);
            var request = PlanCodec.ReadClone(ref reader);
            Assert.Equal(plan.Request.ToString(), request.ToString());
            Assert.Equal(plan.Request.Hooks.Started.ToString(), request.Hooks.Started.ToString());
            Assert.Equal(plan.Request.Hooks.State, request.Hooks.State);
            Assert.Equal(plan.Request.Outside.Devices, request.Outside.Devices);
            Assert.Equal(plan.Request.Outside.Mounts, request.Outside.Mounts);
            Assert.Equal($"{plan.Request.Outside.Resctrl}", $"{request.Outside.Resctrl}");
            foreach (var step in plan.Steps)
            {
                var read = PlanCodec.ReadStep(ref reader);
                Assert.Equal(step.GetType(), read.GetType());
                Assert.Equal(step.ToString(), read.ToString());
            }

            Assert.True(reader.AtEnd);
        }
    }

    [Fact]
    public void Who_mounts_a_block_device_is_not_born_where_devices_are_denied()
    {
        var device = Specs.Options with { Rootfs = new Mount { Type = "ext4", Source = "/dev/mapper/suite-1", Options = ["discard"] } };
        Assert.False(ContainerPlan.From(Specs.Full, Specs.Options).Request.MountsDevices);
        Assert.True(ContainerPlan.From(Specs.Full, device).Request.MountsDevices);
        var volume = Specs.Full with { Mounts = [.. Specs.Full.Mounts ?? [], new Mount { Destination = "/v", Type = "xfs", Source = "/dev/mapper/suite-2", Options = ["ro", "suite.part=/etc"] }] };
        var plan = ContainerPlan.From(volume, Specs.Options);
        Assert.True(plan.Request.MountsDevices);
        Assert.Contains("mount xfs on /v (ro, only /etc)\n", plan.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_user_namespace_what_needs_the_hosts_rights_comes_before_it_is_entered()
    {
        var spec = Specs.Full;
        IdMapping[] map = [new() { ContainerID = 0, HostID = 100_000, Size = 65_536 }];
        spec = spec with { Linux = spec.Linux! with { UidMappings = map, GidMappings = map, Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "user" }, new() { Type = "time" }], TimeOffsets = new Dictionary<string, TimeOffset> { ["boottime"] = new() { Secs = -5, Nanosecs = 7 } } } };
        var options = Specs.Options with { Rootfs = Specs.Options.Rootfs! with { Options = [.. Specs.Options.Rootfs.Options!, "idmap"] } };
        var lines = ContainerPlan.From(spec, options).ToString().Split('\n');
        Assert.Equal("clone for /suite/pod1/web with new ", lines[1]);
        Assert.Equal(
            [
                "set oom_score_adj 100",
                "join the network namespace /run/suite/netns/suite-1",
            ],
            lines[2..4]);
        Assert.Equal(
            [
                "make a time namespace: boottime -5 7",
                "make a user namespace: uids 0=100000+65536, gids 0=100000+65536",
                "make the mounts rslave",
                "mount the root: overlay on /run/suite/pods/p/rootfs (lowerdir=/l/2:/l/1, upperdir=/rw/upper, workdir=/rw/work, idmap of the container)",
                "open /srv/data for the mount 2",
                "enter the user namespace with new pid mount uts",
                "mount proc on /proc (nosuid, nodev, noexec)",
            ],
            lines[5..12]);
    }

    [Fact]
    public void In_a_pod_the_sources_of_binds_are_the_hosts_but_for_the_pods_own()
    {
        var spec = Specs.Full with
        {
            Mounts =
            [
                new Mount { Destination = "/data", Type = "bind", Source = "/srv/data", Options = ["rbind", "rprivate"] },
                new Mount { Destination = "/dev/shm", Type = "bind", Source = "/run/suite/pods/p/shm", Options = ["rbind"] },
                new Mount { Destination = "/quiet", Type = "bind", Source = "/run/suite/pods/p2", Options = ["bind"] },
            ],
        };
        var plan = ContainerPlan.From(spec, Specs.Options with { PodDirectory = "/run/suite/pods/p" }).ToString();
        Assert.Contains(
            """

            open /srv/data for the mount 0, of the host
            open /run/suite/pods/p2 for the mount 2, of the host
            rbind /srv/data on /data (rprivate)
            rbind /run/suite/pods/p/shm on /dev/shm
            bind /run/suite/pods/p2 on /quiet (rslave)

            """,
            plan,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Unbindable_mounts_become_so_when_all_is_bound()
    {
        var spec = Specs.Full;
        string Plan(string propagation) => ContainerPlan.From(spec with { Linux = spec.Linux! with { RootfsPropagation = propagation } }, Specs.Options).ToString();
        Assert.Contains("\npivot the root, rshared\nmask ", Plan("rshared"), StringComparison.Ordinal);
        Assert.Contains("\npivot the root\nmask /proc/kcore\nmake /proc/sys read-only\nmake the mounts runbindable\n", Plan("runbindable"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_pivot_the_root_is_moved_and_in_a_mount_namespace_of_others_it_is_changed()
    {
        Assert.Contains("\nmove the root over /\nmask ", ContainerPlan.From(Specs.Full, Specs.Options with { NoPivot = true }).ToString(), StringComparison.Ordinal);

        var spec = Specs.Full;
        spec = spec with { Linux = spec.Linux! with { Namespaces = [new() { Type = "mount", Path = "/run/mounts" }, new() { Type = "uts" }, new() { Type = "network" }] } };
        var plan = ContainerPlan.From(spec, Specs.Options).ToString();
        Assert.StartsWith("container web\nclone for /suite/pod1/web with new network uts\n", plan, StringComparison.Ordinal);
        Assert.Contains("\njoin the mount namespace /run/mounts\nmount the root: overlay on ", plan, StringComparison.Ordinal);
        Assert.Contains("\nchange the root\nmask ", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("make the mounts", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("pivot", plan, StringComparison.Ordinal);

        plan = ContainerPlan.From(spec with { Linux = spec.Linux! with { Namespaces = [new() { Type = "uts" }, new() { Type = "network" }] } }, Specs.Options).ToString();
        Assert.Contains("\nmount the root: overlay on ", plan, StringComparison.Ordinal);
        Assert.Contains("\nchange the root\nmask ", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("join the mount", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void The_values_of_variables_are_not_in_the_text() =>
        Assert.DoesNotContain("secret", ContainerPlan.From(Specs.Full, Specs.Options).ToString(), StringComparison.Ordinal);
}
