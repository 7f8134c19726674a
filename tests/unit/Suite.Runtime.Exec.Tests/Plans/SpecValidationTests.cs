using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Tests.Plans;

public sealed class SpecValidationTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "no process", "process: " },
        { "no root", "root: " },
        { "relative root", "root.path: " },
        { "no arguments", "process.args: " },
        { "relative cwd", "process.cwd: " },
        { "bad variable", "process.env[0]: " },
        { "unknown capability", "process.capabilities.bounding[0]: \"CAP_FLY\"" },
        { "unknown rlimit", "process.rlimits[0].type: " },
        { "soft above hard", "process.rlimits[0].soft: " },
        { "score", "process.oomScoreAdj: " },
        { "users without mounts", "linux.namespaces: a user namespace needs a mount namespace" },
        { "namespace twice", "linux.namespaces[1]: pid is listed twice" },
        { "unknown namespace", "linux.namespaces[1].type: " },
        { "cgroup leaves", "linux.cgroupsPath: " },
        { "mount on root", "mounts[0].destination: " },
        { "mount without type", "mounts[0].type: " },
        { "host sysctl", "linux.sysctl[kernel.panic]: " },
        { "sysctl injection", "linux.sysctl[kernel.shmmax+kernel.core_pattern]: " },
        { "sysctl of the pod", "linux.sysctl[net.core.somaxconn]: " },
        { "hostname of the pod", "hostname: " },
        { "device", "linux.devices[0].type: " },
        { "cpus", "linux.resources.cpu.cpus: " },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_field_is_named(string what, string beginning)
    {
        var failure = Assert.Throws<SuiteException>(() => ContainerPlan.From(Make(what), Specs.Options));
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.StartsWith(beginning, failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> WrongJson => new()
    {
        { """{"ociVersion":"2.0.0"}""", "ociVersion: " },
        { """{"ociVersion":"1.3"}""", "ociVersion: " },
        { """{"ociVersion":"1.3.x"}""", "ociVersion: " },
        { """{"annotations":{"":"x"}}""", "annotations: " },
        { """{"domainname":"a"}""", "domainname: " },
        { """{"process":{"args":["x","a\u0000b"]}}""", "process.args[1]: " },
        { """{"process":{"env":["A=b","nothing"]}}""", "process.env[1]: " },
        { """{"process":{"user":{"uid":4294967295}}}""", "process.user.uid: " },
        { """{"process":{"user":{"gid":4294967295}}}""", "process.user.gid: " },
        { """{"process":{"user":{"additionalGids":[1,4294967295]}}}""", "process.user.additionalGids[1]: " },
        { """{"process":{"user":{"umask":512}}}""", "process.user.umask: " },
        { """{"process":{"capabilities":{"effective":["CAP_KILL","CAP_CHOWN"],"permitted":["CAP_KILL"]}}}""", "process.capabilities.effective: has CHOWN" },
        { """{"process":{"capabilities":{"permitted":["CAP_KILL","x"]}}}""", "process.capabilities.permitted[1]: " },
        { """{"process":{"capabilities":{"inheritable":["x"]}}}""", "process.capabilities.inheritable[0]: " },
        { """{"process":{"capabilities":{"ambient":["x"]}}}""", "process.capabilities.ambient[0]: " },
        { """{"process":{"rlimits":[{"type":"RLIMIT_CPU"},{"type":"RLIMIT_CPU"}]}}""", "process.rlimits[1].type: RLIMIT_CPU is listed twice" },
        { """{"process":{"selinuxLabel":"a\n"}}""", "process.selinuxLabel: " },
        { """{"process":{"scheduler":{"policy":"SCHED_FUN"}}}""", "process.scheduler.policy: " },
        { """{"process":{"scheduler":{"policy":"SCHED_OTHER","nice":30}}}""", "process.scheduler.nice: " },
        { """{"process":{"scheduler":{"policy":"SCHED_OTHER","priority":3}}}""", "process.scheduler.priority: " },
        { """{"process":{"scheduler":{"policy":"SCHED_OTHER","runtime":3}}}""", "process.scheduler.runtime: " },
        { """{"process":{"scheduler":{"policy":"SCHED_FIFO","priority":1,"flags":["X"]}}}""", "process.scheduler.flags[0]: " },
        { """{"process":{"ioPriority":{"class":"FAST"}}}""", "process.ioPriority.class: " },
        { """{"process":{"ioPriority":{"class":"IOPRIO_CLASS_RT","priority":9}}}""", "process.ioPriority.priority: " },
        { """{"process":{"apparmorProfile":"a\u0007"}}""", "process.apparmorProfile: " },
        { """{"hooks":{"prestart":[{"path":"relative"}]}}""", "hooks.prestart[0].path: " },
        { """{"hooks":{"poststop":[{"path":"/x","timeout":0}]}}""", "hooks.poststop[0].timeout: " },
        { """{"hooks":{"createContainer":[{"path":"/x","args":[null]}]}}""", "hooks.createContainer[0].args[0]: " },
        { """{"mounts":[{"destination":"/x","type":"tmpfs","uidMappings":[{"containerID":0,"hostID":1,"size":1}]}]}""", "mounts[0].gidMappings: " },
        { """{"mounts":[{"destination":"/x","type":"bind","source":"/y","options":["idmap"]}]}""", "mounts[0].options: " },
        { """{"mounts":[{"destination":"x","type":"tmpfs"}]}""", "mounts[0].destination: " },
        { """{"linux":{"uidMappings":[{"containerID":0,"hostID":1,"size":1}],"gidMappings":[{"containerID":0,"hostID":1,"size":1}]}}""", "linux.uidMappings: needs a user namespace" },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"user"}]}}""", "linux.uidMappings: is missing" },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"user"}],"uidMappings":[{"containerID":5,"hostID":1,"size":1}],"gidMappings":[{"containerID":0,"hostID":1,"size":1}]}}""", "linux.uidMappings: does not map" },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"user"}],"uidMappings":[{"containerID":0,"hostID":1,"size":5},{"containerID":4,"hostID":9,"size":1}],"gidMappings":[{"size":1}]}}""", "linux.uidMappings[1]: overlaps" },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"user"}],"uidMappings":[{"size":1}],"gidMappings":[{"size":0}]}}""", "linux.gidMappings[0].size: " },
        { """{"linux":{"timeOffsets":{"boottime":{"secs":1}}}}""", "linux.timeOffsets: " },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"time"}],"timeOffsets":{"realtime":{"secs":1}}}}""", "linux.timeOffsets[realtime]: " },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"time"}],"timeOffsets":{"monotonic":{"nanosecs":1000000000}}}}""", "linux.timeOffsets[monotonic].nanosecs: " },
        { """{"mounts":[{"destination":"/x","type":"bind","source":"y"}]}""", "mounts[0].source: " },
        { """{"mounts":[{"destination":"/x","type":"tmpfs","options":["idmap"]}]}""", "mounts[0].options: idmap needs" },
        { """{"mounts":[{"destination":"/x","type":"proc","options":["tmpcopyup"]}]}""", "mounts[0].options: \"tmpcopyup\" is an option of a tmpfs alone" },
        { """{"mounts":[{"destination":"/x","type":"bind","source":"/y","options":["tmpcopyup"]}]}""", "mounts[0].options: " },
        { """{"hooks":{"prestart":[{"path":"/x","env":["a\u0000"]}]}}""", "hooks.prestart[0].env[0]: " },
        { """{"linux":{"mountLabel":"a\nb"}}""", "linux.mountLabel: " },
        { """{"linux":{"readonlyPaths":["/proc","x"]}}""", "linux.readonlyPaths[1]: " },
        { """{"linux":{"namespaces":[{"type":"mount","path":"ns"}]}}""", "linux.namespaces[0].path: " },
        { """{"linux":{"devices":[{"type":"c","path":"x"}]}}""", "linux.devices[0].path: " },
        { """{"linux":{"devices":[{"type":"c","path":"/x","major":4096}]}}""", "linux.devices[0]: " },
        { """{"linux":{"devices":[{"type":"c","path":"/x","uid":4294967295}]}}""", "linux.devices[0].uid: " },
        { """{"linux":{"netDevices":{"eth1":{}}}}""", "linux.netDevices: can be set only in a network namespace" },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"network"}],"netDevices":{"a/b":{}}}}""", "linux.netDevices[a/b]: " },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"network"}],"netDevices":{"sixteen-letters-":{}}}}""", "linux.netDevices[sixteen-letters-]: " },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"network"}],"netDevices":{"a":{"name":"b c"}}}}""", "linux.netDevices[a].name: " },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"network"}],"netDevices":{"a":{"name":"%d%d"}}}}""", "linux.netDevices[a].name: " },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"network"}],"netDevices":{"a":{"name":"x%s"}}}}""", "linux.netDevices[a].name: " },
        { """{"linux":{"namespaces":[{"type":"mount"},{"type":"network"}],"netDevices":{"a":{"name":"x"},"b":{"name":"x"}}}}""", "linux.netDevices[b].name: " },
        { """{"linux":{"intelRdt":{"closID":"../x"}}}""", "linux.intelRdt.closID: " },
        { """{"linux":{"intelRdt":{"closID":"info"}}}""", "linux.intelRdt.closID: " },
        { """{"linux":{"intelRdt":{"l3CacheSchema":"MB:0=10"}}}""", "linux.intelRdt.l3CacheSchema: " },
        { """{"linux":{"intelRdt":{"memBwSchema":"MB:0=10\nL3:0=1"}}}""", "linux.intelRdt.memBwSchema: " },
        { """{"linux":{"intelRdt":{"schemata":["L3:0=1","x"]}}}""", "linux.intelRdt.schemata[1]: " },
        { """{"linux":{"resources":{"cpu":{"realtimePeriod":4294967295}}}}""", "linux.resources.cpu.realtimePeriod: " },
        { """{"linux":{"personality":{"domain":"BSD"}}}""", "linux.personality.domain: " },
        { """{"linux":{"personality":{"domain":"LINUX","flags":["X"]}}}""", "linux.personality.flags: " },
        { """{"linux":{"memoryPolicy":{"mode":"MPOL_FUN"}}}""", "linux.memoryPolicy.mode: " },
        { """{"linux":{"memoryPolicy":{"mode":"MPOL_BIND","nodes":"9-2"}}}""", "linux.memoryPolicy.nodes: " },
        { """{"linux":{"memoryPolicy":{"mode":"MPOL_BIND","flags":["X"]}}}""", "linux.memoryPolicy.flags[0]: " },
        { """{"linux":{"rootfsPropagation":"sideways"}}""", "linux.rootfsPropagation: " },
        { """{"linux":{"maskedPaths":["proc/x"]}}""", "linux.maskedPaths[0]: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_DANCE"}}}""", "linux.seccomp.defaultAction: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_NOTIFY"}}}""", "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY" },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_KILL","defaultErrnoRet":1}}}""", "linux.seccomp.defaultErrnoRet: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":4096}}}""", "linux.seccomp.defaultErrnoRet: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","architectures":["PDP11"]}}}""", "linux.seccomp.architectures[0]: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","flags":["X"]}}}""", "linux.seccomp.flags[0]: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":[],"action":"SCMP_ACT_KILL"}]}}}""", "linux.seccomp.syscalls[0].names: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"X"}]}}}""", "linux.seccomp.syscalls[0].action: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_KILL","args":[{"index":6,"op":"SCMP_CMP_EQ"}]}]}}}""", "linux.seccomp.syscalls[0].args[0].index: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_KILL","args":[{"index":0,"op":"~"}]}]}}}""", "linux.seccomp.syscalls[0].args[0].op: " },
        { """{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_NOTIFY"}]}}}""", "linux.seccomp.listenerPath: " },
        { """{"linux":{"resources":{"memory":{"limit":-2}}}}""", "linux.resources.memory.limit: " },
        { """{"linux":{"resources":{"memory":{"limit":10,"swap":5}}}}""", "linux.resources.memory.swap: " },
        { """{"linux":{"resources":{"memory":{"swappiness":101}}}}""", "linux.resources.memory.swappiness: " },
        { """{"linux":{"resources":{"cpu":{"period":10}}}}""", "linux.resources.cpu.period: " },
        { """{"linux":{"resources":{"cpu":{"quota":10}}}}""", "linux.resources.cpu.quota: " },
        { """{"linux":{"resources":{"cpu":{"quota":1000,"burst":2000}}}}""", "linux.resources.cpu.burst: " },
        { """{"linux":{"resources":{"cpu":{"idle":2}}}}""", "linux.resources.cpu.idle: " },
        { """{"linux":{"resources":{"cpu":{"mems":"x"}}}}""", "linux.resources.cpu.mems: " },
        { """{"linux":{"resources":{"blockIO":{"weight":9}}}}""", "linux.resources.blockIO.weight: " },
        { """{"linux":{"resources":{"blockIO":{"throttleReadIOPSDevice":[{"major":-1,"minor":0,"rate":1}]}}}}""", "linux.resources.blockIO.throttleReadIOPSDevice[0]: " },
        { """{"linux":{"resources":{"hugepageLimits":[{"pageSize":"2 MB","limit":1}]}}}""", "linux.resources.hugepageLimits[0].pageSize: " },
        { """{"linux":{"resources":{"network":{"priorities":[{"name":"a b","priority":1}]}}}}""", "linux.resources.network.priorities[0].name: " },
        { """{"linux":{"resources":{"rdma":{"mlx":{}}}}}""", "linux.resources.rdma[mlx]: " },
        { """{"linux":{"resources":{"unified":{"../x.y":"1"}}}}""", "linux.resources.unified: " },
        { """{"linux":{"resources":{"devices":[{"allow":true,"type":"q"}]}}}""", "linux.resources.devices[0].type: " },
        { """{"linux":{"resources":{"devices":[{"allow":true,"access":"x"}]}}}""", "linux.resources.devices[0].access: " },
    };

    /// <summary>Beside what is wrong, the file is right: each case is laid over a whole config.json.</summary>
    [Theory]
    [MemberData(nameof(WrongJson))]
    public void A_wrong_field_of_a_file_is_refused_with_its_path(string json, string beginning)
    {
        var whole = JsonNode.Parse("""{"ociVersion":"1.2.0","root":{"path":"/rootfs"},"process":{"args":["x"],"cwd":"/","user":{}},"linux":{"cgroupsPath":"/a/b","namespaces":[{"type":"mount"}]}}""")!;
        Lay(whole.AsObject(), JsonNode.Parse(json)!.AsObject());
        var spec = whole.Deserialize(RuntimeJson.Default.Spec)!;
        var failure = Assert.Throws<SuiteException>(() => ContainerPlan.From(spec, Specs.Options));
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.StartsWith(beginning, failure.Message, StringComparison.Ordinal);
    }

    private static void Lay(JsonObject under, JsonObject over)
    {
        foreach (var (name, value) in over)
        {
            if (value is JsonObject inner && under[name] is JsonObject known)
                Lay(known, inner);
            else
                under[name] = value?.DeepClone();
        }
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void An_id_that_would_be_a_path_is_refused(string id) =>
        Assert.Throws<SuiteException>(() => ContainerPlan.From(Specs.Full, Specs.Options with { Id = id }));

    private static Spec Make(string what)
    {
        var spec = Specs.Full;
        var (process, linux) = (spec.Process!, spec.Linux!);
        Spec With(Process changed) => spec with { Process = changed };
        Spec Linux(LinuxSpec changed) => spec with { Linux = changed };
        Spec Mounted(Mount mount) => spec with { Mounts = [mount] };
        Spec Sysctl(string name) => Linux(linux with { Sysctl = new Dictionary<string, string> { [name] = "1" }, Namespaces = [new() { Type = "mount" }, new() { Type = "uts" }] });
        return what switch
        {
            "no process" => spec with { Process = null },
            "no root" => spec with { Root = null },
            "relative root" => spec with { Root = new Root { Path = "rootfs" } },
            "no arguments" => With(process with { Args = [] }),
            "relative cwd" => With(process with { Cwd = "srv" }),
            "bad variable" => With(process with { Env = ["=x"] }),
            "unknown capability" => With(process with { Capabilities = new Capabilities { Bounding = ["CAP_FLY"] } }),
            "unknown rlimit" => With(process with { Rlimits = [new Rlimit { Type = "RLIMIT_FUN" }] }),
            "soft above hard" => With(process with { Rlimits = [new Rlimit { Type = "RLIMIT_CPU", Soft = 2, Hard = 1 }] }),
            "score" => With(process with { OomScoreAdj = 1001 }),
            "users without mounts" => Linux(linux with { Namespaces = [new() { Type = "pid" }, new() { Type = "user" }] }),
            "namespace twice" => Linux(linux with { Namespaces = [new() { Type = "pid" }, new() { Type = "pid" }] }),
            "unknown namespace" => Linux(linux with { Namespaces = [new() { Type = "mount" }, new() { Type = "moon" }] }),
            "cgroup leaves" => Linux(linux with { CgroupsPath = "/suite/../other" }),
            "mount on root" => Mounted(new Mount { Destination = "/", Type = "tmpfs" }),
            "mount without type" => Mounted(new Mount { Destination = "/x" }),
            "host sysctl" => Sysctl("kernel.panic"),
            "sysctl injection" => Sysctl("kernel.shmmax+kernel.core_pattern"),
            "sysctl of the pod" => Sysctl("net.core.somaxconn"),
            "hostname of the pod" => Linux(linux with { Namespaces = [new() { Type = "mount" }] }),
            "device" => Linux(linux with { Devices = [new LinuxDevice { Type = "x", Path = "/dev/x" }] }),
            "cpus" => Linux(linux with { Resources = new LinuxResources { Cpu = new CpuResources { Cpus = "all" } } }),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }
}
