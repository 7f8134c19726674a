using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Tests.Plans;

/// <summary>A whole config.json and its options, for tests that change one thing.</summary>
internal static class Specs
{
    public static readonly ContainerOptions Options = new()
    {
        Id = "web",
        User = "www:www",
        Rootfs = new Mount { Type = "overlay", Source = "overlay", Options = ["lowerdir=/l/2:/l/1", "upperdir=/rw/upper", "workdir=/rw/work"] },
    };

    /// <summary>With everything that few ask for.</summary>
    public static Spec Everything
    {
        get
        {
            var spec = Full;
            IReadOnlyList<Hook> Hook(string path) => [new Hook { Path = path, Args = ["hook", "-x"], Env = ["A=b"], Timeout = 3 }];
            return spec with
            {
                Hooks = new Hooks { Prestart = Hook("/h/1"), CreateRuntime = Hook("/h/2"), CreateContainer = Hook("/h/3"), StartContainer = Hook("/h/4"), Poststart = Hook("/h/5"), Poststop = Hook("/h/6") },
                Annotations = new Dictionary<string, string> { ["key"] = "value" },
                Mounts =
                [
                    .. spec.Mounts!,
                    new Mount { Destination = "/ids", Type = "bind", Source = "/ids", Options = ["rbind", "ridmap"], UidMappings = [new IdMapping { Size = 1 }], GidMappings = [new IdMapping { Size = 1 }] },
                    new Mount { Destination = "/copy", Type = "tmpfs", Source = "tmpfs", Options = ["tmpcopyup", "idmap"] },
                    new Mount { Destination = "/shown", Type = "tmpfs", Source = "tmpfs", Options = ["size=4k", "nosuid"], UidMappings = [new IdMapping { Size = 1 }], GidMappings = [new IdMapping { Size = 1 }] },
                ],
                Process = spec.Process! with
                {
                    ApparmorProfile = "profile",
                    SelinuxLabel = "label",
                    Scheduler = new Scheduler { Policy = "SCHED_FIFO", Priority = 3, Flags = ["SCHED_FLAG_RESET_ON_FORK"] },
                    IoPriority = new IoPriority { Class = "IOPRIO_CLASS_IDLE" },
                },
                Linux = spec.Linux! with
                {
                    Seccomp = new Seccomp
                    {
                        DefaultAction = "SCMP_ACT_ALLOW",
                        ListenerPath = "/run/listener",
                        ListenerMetadata = "m",
                        Syscalls = [new SeccompRule { Names = ["mkdir"], Action = "SCMP_ACT_NOTIFY" }],
                    },
                    Personality = new Personality { Domain = "LINUX32" },
                    MountLabel = "system_u:object_r:files_t:s0:c1,c2",
                    NetDevices = new Dictionary<string, NetDevice> { ["eth7"] = new NetDevice { Name = "lan%d" }, ["eth8"] = new NetDevice() },
                    IntelRdt = new IntelRdt { L3CacheSchema = "L3:0=f", Schemata = ["L2:0=1"], EnableMonitoring = true },
                    UidMappings = [new IdMapping { ContainerID = 0, HostID = 1000, Size = 10 }],
                    GidMappings = [new IdMapping { ContainerID = 0, HostID = 2000, Size = 10 }],
                    Namespaces = [.. spec.Linux.Namespaces!, new LinuxNamespace { Type = "user" }, new LinuxNamespace { Type = "time" }],
                    MemoryPolicy = new MemoryPolicy { Mode = "MPOL_BIND", Nodes = "0", Flags = ["MPOL_F_STATIC_NODES"] },
                    Resources = new LinuxResources
                    {
                        Memory = new MemoryResources { Limit = 1 << 20, Reservation = 1 << 19, Swap = -1, Swappiness = 3, DisableOOMKiller = true },
                        Cpu = new CpuResources { Shares = 1, Quota = 5000, Burst = 1000, Idle = 1, RealtimePeriod = 10, RealtimeRuntime = 5, Cpus = "0-1", Mems = "0" },
                        BlockIO = new BlockIoResources
                        {
                            Weight = 100,
                            LeafWeight = 10,
                            WeightDevice = [new WeightDevice { Major = 8, Minor = 1, Weight = 20, LeafWeight = 30 }],
                            ThrottleReadBpsDevice = [new ThrottleDevice { Major = 8, Rate = 5 }],
                            ThrottleWriteIopsDevice = [new ThrottleDevice { Major = 8, Rate = 6 }],
                        },
                        HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 4096 }],
                        Network = new NetworkResources { ClassID = 0x100001, Priorities = [new InterfacePriority { Name = "eth0", Priority = 5 }] },
                        Rdma = new Dictionary<string, RdmaLimit> { ["mlx5"] = new RdmaLimit { HcaHandles = 2 } },
                        Unified = new Dictionary<string, string> { ["memory.high"] = "4096" },
                        Devices = [new DeviceRule { Allow = false }],
                    },
                },
            };
        }
    }

    public static Spec Full => new()
    {
        Hostname = "web",
        Root = new Root { Path = "/run/suite/pods/p/rootfs", Readonly = true },
        Process = new Process
        {
            Args = ["httpd", "-f"],
            Env = ["PATH=/bin", "TOKEN=secret"],
            Cwd = "/srv",
            User = new User { Uid = 0, Gid = 0, AdditionalGids = [5, 6], Umask = 0x12 },
            Capabilities = new Capabilities { Bounding = ["CAP_CHOWN", "CAP_NET_BIND_SERVICE"], Effective = ["CAP_CHOWN"], Permitted = ["CAP_CHOWN"] },
            Rlimits = [new Rlimit { Type = "RLIMIT_NOFILE", Soft = 1024, Hard = ulong.MaxValue }],
            NoNewPrivileges = true,
            OomScoreAdj = 100,
        },
        Mounts =
        [
            new Mount { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "noexec", "nodev"] },
            new Mount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            new Mount { Destination = "/data", Type = "bind", Source = "/srv/data", Options = ["rbind", "ro", "rslave"] },
            new Mount { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = ["ro"] },
        ],
        Linux = new LinuxSpec
        {
            CgroupsPath = "/suite/pod1/web",
            Namespaces =
            [
                new LinuxNamespace { Type = "pid" }, new LinuxNamespace { Type = "mount" }, new LinuxNamespace { Type = "uts" },
                new LinuxNamespace { Type = "cgroup" }, new LinuxNamespace { Type = "network", Path = "/run/suite/netns/suite-1" },
            ],
            Sysctl = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1" },
            MaskedPaths = ["/proc/kcore"],
            ReadonlyPaths = ["/proc/sys"],
            Resources = new LinuxResources
            {
                Memory = new MemoryResources { Limit = 64 << 20 },
                Cpu = new CpuResources { Shares = 512, Quota = 50_000, Period = 100_000 },
                Pids = new PidsResources { Limit = 32 },
                Devices = [new DeviceRule { Allow = false }],
            },
        },
    };
}
