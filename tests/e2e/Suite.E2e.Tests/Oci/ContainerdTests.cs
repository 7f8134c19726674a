using System.Diagnostics;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Oci;

/// <summary>Debian's containerd and its shim, with suite-oci in runc's place.</summary>
public sealed class ContainerdTests
{
    private const Need Needs = Need.Executables | Need.Busybox | Need.Containerd;

    [RootFact(Needs = Needs)]
    public void Tasks_run_to_their_end()
    {
        using var rig = new Rig(InstanceName.OfCaller());
        Assert.Equal((7, "out", "err"), rig.Task([], "one", "sh", "-c", "echo out; echo err >&2; exit 7"));
        Assert.Equal("2", rig.Task(["--seccomp"], "two", "sh", "-c", "grep Seccomp: /proc/self/status | cut -f 2").Output);
        var missing = rig.Task([], "three", "no-such-program");
        Assert.NotEqual(0, missing.Code);
        Assert.Contains("executable file not found in $PATH", missing.Error, StringComparison.Ordinal);
        Assert.Equal("", rig.Ctr.Ok("containers", "ls", "-q"));
    }

    [RootFact(Needs = Needs)]
    public void A_task_is_used_paused_and_killed()
    {
        using var rig = new Rig(InstanceName.OfCaller());
        Assert.Equal(0, rig.Detached("one", "sleep", "600").Code);
        Assert.Equal((3, "in", ""), rig.Ctr.Run("tasks", "exec", "--exec-id", "e", "one", "sh", "-c", "echo in; exit 3"));
        rig.Ctr.Ok("tasks", "pause", "one");
        Assert.Contains("PAUSED", rig.Ctr.Ok("tasks", "ls"), StringComparison.Ordinal);
        rig.Ctr.Ok("tasks", "resume", "one");
        Assert.Contains("RUNNING", rig.Ctr.Ok("tasks", "ls"), StringComparison.Ordinal);
        Assert.Matches("[0-9]+", rig.Ctr.Ok("tasks", "ps", "one"));
        rig.Ctr.Ok("tasks", "kill", "-s", "KILL", "one");
        Rig.Eventually(() => rig.Ctr.Ok("tasks", "ls").Contains("STOPPED", StringComparison.Ordinal));
        // The code that its shim got as the subreaper of what suite-oci left behind.
        Assert.Contains("137", rig.Ctr.Run("tasks", "delete", "one").Error, StringComparison.Ordinal);
        rig.Ctr.Ok("containers", "rm", "one");
    }

    private sealed class Rig : IDisposable
    {
        private readonly LeakGuard _leaks;
        private readonly TempFolder _folder;
        private readonly Process _daemon;
        private readonly string _instance;

        public Rig(string instance)
        {
            _instance = instance;
            _leaks = new LeakGuard(instance);
            _folder = new TempFolder(instance);
            BusyboxRootfs.Make(_folder.Folder("rootfs"));
            var socket = _folder.Path("ctd.sock");
            var configuration = _folder.File("config.toml", $"""
                version = 2
                root = "{_folder.Path("root")}"
                state = "{_folder.Path("state")}"
                disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
                [grpc]
                  address = "{socket}"
                """);
            _daemon = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec /usr/bin/containerd -c {configuration} >{_folder.Path("log")} 2>&1"]))!;
            Ctr = new Tool("/usr/bin/ctr", ["-a", socket, "-n", instance]);
            Eventually(() => Ctr.Run("version").Code == 0);
        }

        public Tool Ctr { get; }

        public (int Code, string Output, string Error) Task(string[] options, string id, params string[] program) => Run(["--rm", .. options], id, program);

        public (int Code, string Output, string Error) Detached(string id, params string[] program) => Run(["-d"], id, program);

        private (int Code, string Output, string Error) Run(string[] options, string id, string[] program) => Ctr.Run(
        [
            "run", "--runc-binary", TestPaths.Executable("suite-oci"), "--runc-root", _folder.Path("runc"), "--fifo-dir", _folder.Path("fifo"),
            "--cgroup", $"/{_instance}-{id}", "--env", "PATH=/bin", .. options, "--rootfs", _folder.Path("rootfs"), id, .. program,
        ]);

        public static void Eventually(Func<bool> condition)
        {
            var started = Stopwatch.GetTimestamp();
            while (!condition())
            {
                Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "it did not come about in 30 s");
                Thread.Sleep(20);
            }
        }

        public void Dispose()
        {
            foreach (var id in Ctr.Run("tasks", "ls", "-q").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Ctr.Run("tasks", "delete", "-f", id);
            _daemon.Kill();
            _daemon.WaitForExit();
            _daemon.Dispose();
            _folder.Dispose();
            _leaks.Dispose();
        }
    }
}
