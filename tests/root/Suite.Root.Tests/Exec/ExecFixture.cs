using System.Diagnostics;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using OciProcess = Suite.Oci.Runtime.Process;

namespace Suite.Root.Tests.Exec;

/// <summary>One pod with a shim of its own, and short ways to run busybox in it. Nothing may be left of it.</summary>
internal sealed class ExecFixture : IAsyncDisposable
{
    public static readonly string[] DockerCapabilities =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP",
        "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    private readonly LeakGuard _leaks;
    private readonly TempFolder _folder;
    private readonly ShimLauncher _launcher;

    private ExecFixture(string instance)
    {
        Instance = instance;
        _leaks = new LeakGuard(instance);
        _folder = new TempFolder(instance);
        BusyboxRootfs.Make(_folder.Folder("image"));
        _launcher = new ShimLauncher(new ShimLauncherOptions { ExecutablePath = ShimPath, Spares = 0 });
        Pod = new PodPlan { Id = "pod", Directory = _folder.Folder("pod"), CgroupPath = $"/{instance}/pod", Hostname = "podhost" };
    }

    /// <summary>SUITE_BIN names another folder of published executables.</summary>
    public static string ShimPath { get; } =
        Environment.GetEnvironmentVariable("SUITE_BIN") is { Length: > 0 } bin ? Path.Combine(bin, "suite-shim") : TestPaths.Executable("suite-shim");

    public string Instance { get; }

    public PodPlan Pod { get; private set; }

    public ShimConnection Shim { get; private set; } = null!;

    public string Image => _folder.Path("image");

    public TempFolder Folder => _folder;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ExecFixture> StartAsync(string instance, Func<PodPlan, PodPlan>? change = null)
    {
        var fixture = new ExecFixture(instance);
        fixture.Pod = change?.Invoke(fixture.Pod) ?? fixture.Pod;
        fixture.Shim = await fixture._launcher.LaunchAsync(Token);
        try
        {
            await fixture.Shim.StartPodAsync(fixture.Pod, Token);
            return fixture;
        }
        catch
        {
            // A shim that could not make its pod ends by itself.
            await fixture.Shim.Closed.WaitAsync(TimeSpan.FromSeconds(10), Token);
            await fixture.DisposeAsync();
            throw;
        }
    }

    /// <summary>config.json as the runtime writes it for a plain container: an overlay over busybox, Docker's capabilities and paths.</summary>
    public Spec Spec(string id, params string[] args) => new()
    {
        Process = Process(args),
        Root = new() { Path = Pod.RootPath },
        Mounts =
        [
            new() { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "noexec", "nodev"] },
            new() { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            new() { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            new() { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = ["nosuid", "noexec", "nodev"] },
            new() { Destination = "/dev/shm", Type = "bind", Source = Pod.SharedMemoryPath, Options = ["rbind", "rw"] },
            new() { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = ["nosuid", "noexec", "nodev", "ro"] },
            new() { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = ["nosuid", "noexec", "nodev", "relatime", "ro"] },
        ],
        Linux = new LinuxSpec
        {
            CgroupsPath = $"{Pod.CgroupPath}/{id}",
            Namespaces = [new() { Type = "pid" }, new() { Type = "mount" }, new() { Type = "cgroup" }],
            MaskedPaths = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware"],
            ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    };

    public static OciProcess Process(params string[] args) => new()
    {
        Args = args,
        Env = ["PATH=/bin:/usr/bin"],
        Cwd = "/",
        NoNewPrivileges = true,
        Capabilities = new() { Bounding = DockerCapabilities, Effective = DockerCapabilities, Permitted = DockerCapabilities },
    };

    public ContainerPlan Plan(string id, Spec spec, string? user = null, string[]? rootOptions = null) => ContainerPlan.From(spec, new ContainerOptions
    {
        Id = id,
        User = user,
        Rootfs = new()
        {
            Type = "overlay",
            Source = "overlay",
            Options = [$"lowerdir={Image}", $"upperdir={_folder.Folder("rw", id, "upper")}", $"workdir={_folder.Folder("rw", id, "work")}", .. rootOptions ?? []],
        },
    });

    public string LogPath(string id) => _folder.Path($"{id}.log");

    public async Task StartAsync(string id, Spec spec, ContainerStreams? streams = null, string? user = null)
    {
        await Shim.CreateContainerAsync(id, streams ?? new ContainerStreams { LogPath = LogPath(id) }, Token);
        await Shim.StartContainerAsync(Plan(id, spec, user), Token);
    }

    /// <summary>With layers whose owners are those of the container's user namespace.</summary>
    public async Task StartIdMappedAsync(string id, Spec spec)
    {
        await Shim.CreateContainerAsync(id, new ContainerStreams { LogPath = LogPath(id) }, Token);
        await Shim.StartContainerAsync(Plan(id, spec, rootOptions: ["idmap"]), Token);
    }

    public async Task<(string Output, ExitStatus Exit)> ExecAsync(string id, params string[] args)
    {
        await using var session = await Shim.ExecAsync(id, Guid.NewGuid().ToString("N"), ProcessPlan.From(Process(args), new()), new(), Token);
        var output = await new StreamReader(session.Output!).ReadToEndAsync(Token);
        return (output, await session.Exited.WaitAsync(TimeSpan.FromSeconds(20), Token));
    }

    public async Task WaitForLineAsync(string id, string line)
    {
        for (var i = 0; i < 2000 && !Output(id).Split('\n').Contains(line); i++)
            await Task.Delay(10, Token);
        Assert.Contains(line, Output(id).Split('\n'));
    }

    /// <summary>Runs a program to its end.</summary>
    public async Task<(ExitStatus Exit, string Output)> RunAsync(string id, Spec spec, string? user = null)
    {
        await StartAsync(id, spec, user: user);
        var exit = await ExitOfAsync(id);
        return (exit, Output(id));
    }

    public Task<(ExitStatus Exit, string Output)> ShellAsync(string id, string script) => RunAsync(id, Spec(id, "sh", "-c", script));

    public async Task<ExitStatus> ExitOfAsync(string id)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        await foreach (var happened in Shim.Events.ReadAllAsync(patience.Token))
        {
            if (happened is ContainerExited exited && exited.ContainerId == id)
                return exited.Status;
        }

        throw new InvalidOperationException($"the shim ended before {id}");
    }

    /// <summary>What was written, by stream, as the log's lines say.</summary>
    public string Output(string id) => string.Concat(File.ReadLines(LogPath(id)).Select(line =>
    {
        var fields = line.Split(' ', 4);
        return fields[3] + (fields[2] == "F" ? "\n" : "");
    }));

    /// <summary>The descriptors that the shim has open, by number.</summary>
    public string[] Descriptors() =>
        [.. Directory.EnumerateFileSystemEntries($"/proc/{Shim.Pid}/fd").Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];

    /// <summary>As after a restart of the runtime.</summary>
    public async Task ReconnectAsync()
    {
        await Shim.DisposeAsync();
        Shim = await ShimConnection.ConnectAsync(Pod.SocketPath, Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (Shim is not null)
        {
            if (!Shim.Closed.IsCompleted)
                await Shim.ShutdownAsync(CancellationToken.None);
            await Shim.DisposeAsync();
        }

        await _launcher.DisposeAsync();
        RemoveParentCgroup();
        _folder.Dispose();
        _leaks.Dispose();
    }

    // The instance's own cgroup is the runtime's to remove.
    private void RemoveParentCgroup() => ShimRemains.RemoveAsync($"/{Instance}", _folder.Path("pod"), null, CancellationToken.None).Wait();
}
