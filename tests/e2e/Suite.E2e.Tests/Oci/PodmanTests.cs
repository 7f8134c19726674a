using Suite.Linux.Cgroups;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Oci;

/// <summary>Debian's podman with suite-oci in runc's place.</summary>
public sealed class PodmanTests
{
    private const Need Needs = Need.Executables | Need.Busybox | Need.ContainerTools;

    [RootFact(Needs = Needs)]
    public void Run_has_the_output_and_the_exit_code()
    {
        using var rig = new Rig(InstanceName.OfCaller());
        Assert.Equal((7, "out", "err"), rig.Run("--rm", "sh", "-c", "echo out; echo err >&2; exit 7"));
        Assert.Equal("tty", rig.Run("--rm", "-t", "sh", "-c", "test -t 0 && echo tty").Output);
        Assert.Equal("2", rig.Run("--rm", "sh", "-c", "grep Seccomp: /proc/self/status | cut -f 2").Output);
        // podman knows by the words of the error, from --log, that there is no such program.
        Assert.Equal(127, rig.Run("--rm", "no-such-program").Code);
        Assert.Equal("", rig.Podman.Ok("ps", "-aq"));
    }

    [RootFact(Needs = Needs)]
    public void What_podman_asks_for_by_its_options_is_in_the_container()
    {
        using var rig = new Rig(InstanceName.OfCaller());
        Assert.Equal("0\n0 700000 65536", string.Join(' ', rig.Run("--rm", "--uidmap", "0:700000:65536", "sh", "-c", "id -u; cat /proc/self/uid_map").Output.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Replace("\n ", "\n", StringComparison.Ordinal));
        Assert.Equal("mounted", rig.Run("--rm", "--privileged", "sh", "-c", "mount -t tmpfs x /tmp && echo mounted").Output);
        Assert.Equal("1", rig.Run("--rm", "--sysctl", "net.ipv4.ip_forward=1", "sh", "-c", "cat /proc/sys/net/ipv4/ip_forward").Output);
        Assert.Equal("passwd", rig.Run("--rm", "--mount", "type=tmpfs,dst=/etc,tmpcopyup", "sh", "-c", "ls /etc | grep passwd").Output);
        Assert.Equal("0", rig.Run("--rm", "--security-opt", "mask=/proc/uptime", "sh", "-c", "wc -c < /proc/uptime").Output);
        Assert.Equal("b 7:0", rig.Run("--rm", "--device", "/dev/loop0", "sh", "-c", "test -b /dev/loop0 && stat -c 'b %t:%T' /dev/loop0").Output);
        Assert.Equal("i686", rig.Run("--rm", "--personality", "LINUX32", "sh", "-c", "uname -m").Output);
    }

    [RootFact(Needs = Needs)]
    public void A_container_is_used_paused_changed_and_stopped()
    {
        using var rig = new Rig(InstanceName.OfCaller());
        Assert.Equal(0, rig.Run("-d", "--name", "one", "--memory", "64m", "sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done").Code);
        Assert.Equal((3, "65534", ""), rig.Podman.Run("exec", "--user", "nobody", "one", "sh", "-c", "id -u; exit 3"));
        Assert.Equal("tty", rig.Podman.Ok("exec", "-t", "one", "sh", "-c", "test -t 0 && echo tty"));
        Assert.Contains("sh -c trap", rig.Podman.Ok("top", "one"), StringComparison.Ordinal);
        Assert.Contains("67.11MB", rig.Podman.Ok("stats", "--no-stream", "one"), StringComparison.Ordinal);
        rig.Podman.Ok("pause", "one");
        Assert.Equal("paused", rig.Podman.Ok("inspect", "-f", "{{.State.Status}}", "one"));
        rig.Podman.Ok("unpause", "one");
        rig.Podman.Ok("update", "--memory", "32m", "one");
        // podman's own figure of the limit is the one it began with.
        var cgroup = $"/{rig.Instance}/libpod-{rig.Podman.Ok("inspect", "-f", "{{.Id}}", "one")}";
        Assert.Equal(32UL << 20, CgroupUsage.Read(CgroupHost.Detect(), cgroup).MemoryLimitBytes);
        rig.Podman.Ok("stop", "-t", "30", "one");
        Assert.Equal("5", rig.Podman.Ok("wait", "one"));
        Assert.Equal("ready", rig.Podman.Ok("logs", "one"));
        rig.Podman.Ok("start", "one");
        rig.Podman.Ok("rm", "-f", "-t", "0", "one");
    }

    [RootFact(Needs = Needs)]
    public void A_pod_shares_its_namespaces()
    {
        using var rig = new Rig(InstanceName.OfCaller());
        // Its first container holds the namespaces; an image of podman's own would have to be pulled.
        Assert.Equal(0, rig.Run("-d", "--name", "holder", "--hostname", "shared", "sleep", "600").Code);
        string[] shared = ["--net", "container:holder", "--ipc", "container:holder", "--uts", "container:holder", "--pid", "container:holder"];
        Assert.Equal((0, "shared", ""), rig.RunIn(shared, "--rm", "hostname"));
        Assert.Contains("sleep 600", rig.RunIn(shared, "--rm", "ps").Output, StringComparison.Ordinal);

        rig.Podman.Ok("pod", "create", "--name", "pod", "--infra=false", "--cgroup-parent", $"/{rig.Instance}");
        Assert.Equal(0, rig.Run("-d", "--pod", "pod", "--name", "member", "sleep", "600").Code);
        Assert.Contains("Running", rig.Podman.Ok("pod", "ps"), StringComparison.Ordinal);
        rig.Podman.Ok("pod", "rm", "-f", "-t", "0", "pod");
        rig.Podman.Ok("rm", "-f", "-t", "0", "holder");
    }

    private sealed class Rig : IDisposable
    {
        private readonly LeakGuard _leaks;
        private readonly TempFolder _folder;

        public Rig(string instance)
        {
            Instance = instance;
            _leaks = new LeakGuard(instance);
            _folder = new TempFolder(instance);
            BusyboxRootfs.Make(_folder.Folder("rootfs"));
            Podman = new Tool("/usr/bin/podman",
            [
                "--root", _folder.Path("root"), "--runroot", _folder.Path("run"), "--tmpdir", _folder.Path("tmp"), "--storage-driver", "vfs",
                "--events-backend", "none", "--cgroup-manager", "cgroupfs", "--runtime", TestPaths.Executable("suite-oci"),
            ]);
        }

        public string Instance { get; }

        public Tool Podman { get; }

        public (int Code, string Output, string Error) Run(params string[] arguments) => RunIn(["--network", "none"], arguments);

        /// <summary>Runs a container of busybox: options of podman's until the first word without a dash, then the program.</summary>
        public (int Code, string Output, string Error) RunIn(string[] namespaces, params string[] arguments)
        {
            var program = Array.FindIndex(arguments, (argument) => argument is "sh" or "sleep" or "hostname" or "ps" or "no-such-program");
            string[] group = arguments.Contains("--pod") ? [] : ["--cgroup-parent", $"/{Instance}"];
            // A root folder of one's own is used as it is, so that no image is needed; podman wants it for one container each.
            var root = Root();
            // Its files are the container's root's, whoever that is.
            if (arguments.Contains("--uidmap"))
                new Tool("/bin/chown", ["-R"]).Ok("700000:700000", root);
            return Podman.Run(["run", .. namespaces, .. group, .. arguments[..program], "--rootfs", root, .. arguments[program..]]);
        }

        public void Dispose()
        {
            Podman.Run("rm", "-af", "-t", "0");
            foreach (var hierarchy in CgroupHost.Detect().Hierarchies)
            {
                if (Directory.Exists(hierarchy.PathOf($"/{Instance}")))
                    RemoveEmpty(hierarchy.PathOf($"/{Instance}"));
            }

            _folder.Dispose();
            _leaks.Dispose();
        }

        private string Root()
        {
            var root = _folder.Path($"rootfs-{Guid.NewGuid():n}");
            return BusyboxRootfs.Make(Directory.CreateDirectory(root).FullName);
        }

        // podman makes the parents and leaves them, and conmon, which waits in one, ends a moment after the container is gone.
        private static void RemoveEmpty(string cgroup)
        {
            foreach (var child in Directory.GetDirectories(cgroup))
                RemoveEmpty(child);
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(Path.Combine(cgroup, "cgroup.procs")).Length == 0, TimeSpan.FromSeconds(30)), $"a process stays in {cgroup}");
            Directory.Delete(cgroup);
        }
    }
}
