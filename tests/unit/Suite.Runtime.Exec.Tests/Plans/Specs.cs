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
