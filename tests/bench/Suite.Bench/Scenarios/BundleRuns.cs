using System.Diagnostics;
using System.Text.Json;
using Suite.Bench.Results;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Filters;
using Suite.Testing.Files;
using Process = System.Diagnostics.Process;

namespace Suite.Bench.Scenarios;

/// <summary>
/// `run` of /bin/true from one OCI bundle, by suite-oci and by Debian's runc in turns: a new process each time, every namespace but the
/// user's, the default seccomp profile, limits of memory, CPU and processes.
/// </summary>
internal sealed class BundleRuns(Board board, int rounds) : IDisposable
{
    public const string Peer = "runc";

    private const int WarmUp = 3;

    private static readonly string[] Rights =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP",
        "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    private readonly TempFolder _folder = new("suite-bench-oci");

    public void Run()
    {
        BusyboxRootfs.Make(_folder.Folder("bundle", "rootfs"));
        File.WriteAllBytes(_folder.Path("bundle", "config.json"), JsonSerializer.SerializeToUtf8Bytes(Configuration(), RuntimeJson.Default.Spec));
        (string Runtime, string Program)[] programs = [("suite", TestPaths.Executable("suite-oci")), (Peer, "/usr/sbin/runc")];
        for (var round = -WarmUp; round < rounds; round++)
        {
            foreach (var (runtime, program) in programs)
            {
                var milliseconds = Once(program, runtime);
                if (round >= 0)
                    board.AddTime(Names.OciRun, runtime, milliseconds);
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private double Once(string program, string runtime)
    {
        var start = new ProcessStartInfo(program, ["--root", _folder.Path(runtime), "run", "--bundle", _folder.Path("bundle"), $"bench-{Environment.ProcessId}-{runtime}"]);
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return process.ExitCode == 0 ? elapsed : throw new SuiteException(ErrorKind.Internal, $"measure {program}: it ended with {process.ExitCode}");
    }

    private static Spec Configuration() => new()
    {
        // runc of Debian 12 knows no later one.
        OciVersion = "1.0.2",
        Process = new()
        {
            Args = ["/bin/true"],
            Env = ["PATH=/bin"],
            Cwd = "/",
            NoNewPrivileges = true,
            Capabilities = new() { Bounding = Rights, Effective = Rights, Permitted = Rights },
            Rlimits = [new() { Type = "RLIMIT_NOFILE", Hard = 1024, Soft = 1024 }],
        },
        Root = new() { Path = "rootfs", Readonly = true },
        Hostname = "bench",
        Mounts =
        [
            new() { Destination = "/proc", Type = "proc", Source = "proc" },
            new() { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            new() { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            new() { Destination = "/dev/shm", Type = "tmpfs", Source = "shm", Options = ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] },
            new() { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = ["nosuid", "noexec", "nodev"] },
            new() { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = ["nosuid", "noexec", "nodev", "ro"] },
            new() { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = ["nosuid", "noexec", "nodev", "relatime", "ro"] },
        ],
        Linux = new()
        {
            Resources = new()
            {
                Devices = [new() { Allow = false, Access = "rwm" }],
                Memory = new() { Limit = 64 << 20 },
                Cpu = new() { Shares = 512, Quota = 100_000, Period = 100_000 },
                Pids = new() { Limit = 64 },
            },
            Namespaces =
            [
                new() { Type = NamespaceTypes.Pid }, new() { Type = NamespaceTypes.Network }, new() { Type = NamespaceTypes.Ipc },
                new() { Type = NamespaceTypes.Uts }, new() { Type = NamespaceTypes.Mount }, new() { Type = NamespaceTypes.Cgroup },
            ],
            Seccomp = SeccompProfiles.Default(Rights),
            MaskedPaths = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware"],
            ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    };
}
