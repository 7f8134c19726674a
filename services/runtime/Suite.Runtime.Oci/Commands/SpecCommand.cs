using System.Text.Json;
using System.Text.Json.Serialization;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Oci.CommandLines;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Writes a config.json to begin with: a shell in every namespace, with few rights and a read-only root.</summary>
internal static class SpecCommand
{
    private static readonly string[] Rights = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    private static readonly string[] NoDevices = ["nosuid", "noexec", "nodev"];

    public static Command Describe() => new("spec", new OptionNames(["rootless"], ["bundle|b"]), Run);

    private static int Run(Session session, Options options)
    {
        if (options.Has("rootless"))
            throw options.Wrong("--rootless: suite-oci runs as root");
        var file = Path.Combine(Path.GetFullPath(options.Value("bundle") ?? "."), "config.json");
        if (File.Exists(file))
            throw new SuiteException(ErrorKind.AlreadyExists, $"spec: {file} exists; remove it first");
        try
        {
            File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(Beginning, SpecTextJson.Default.Spec));
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"spec: write {file}: {failure.Message}", failure);
        }
    }

    private static Spec Beginning => new()
    {
        Process = new()
        {
            Terminal = true,
            Args = ["sh"],
            Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            Cwd = "/",
            Capabilities = new() { Bounding = Rights, Effective = Rights, Permitted = Rights },
            Rlimits = [new() { Type = "RLIMIT_NOFILE", Hard = 1024, Soft = 1024 }],
            NoNewPrivileges = true,
        },
        Root = new() { Path = "rootfs", Readonly = true },
        Hostname = "suite",
        Mounts =
        [
            new() { Destination = "/proc", Type = "proc", Source = "proc" },
            new() { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            new() { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            new() { Destination = "/dev/shm", Type = "tmpfs", Source = "shm", Options = [.. NoDevices, "mode=1777", "size=65536k"] },
            new() { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = NoDevices },
            new() { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = [.. NoDevices, "ro"] },
            new() { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = [.. NoDevices, "relatime", "ro"] },
        ],
        Linux = new()
        {
            Resources = new() { Devices = [new() { Allow = false, Access = "rwm" }] },
            Namespaces =
            [
                new() { Type = NamespaceTypes.Pid }, new() { Type = NamespaceTypes.Network }, new() { Type = NamespaceTypes.Ipc },
                new() { Type = NamespaceTypes.Uts }, new() { Type = NamespaceTypes.Mount }, new() { Type = NamespaceTypes.Cgroup },
            ],
            MaskedPaths =
            [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
                "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
            ],
            ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Spec))]
internal sealed partial class SpecTextJson : JsonSerializerContext;
