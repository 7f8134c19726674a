using System.Globalization;
using System.Net.Sockets;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Cli;

/// <summary>Options of run that fewer people ask for, each by what it does in a container.</summary>
public sealed class RunOptionTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private readonly CliProcess _cli = instance.Cli;

    [RootFact(Needs = Needs)]
    public async Task Init_collects_orphans_and_leaves_signals_their_meaning()
    {
        // The command is not process 1: a TERM that it has no handler for ends it at once, where process 1 would ignore it.
        _ = (await _cli.RunAsync("run", "-d", "--init", "--name", "inited", "busybox", "sleep", "1000")).Good;
        Assert.NotEqual("1", (await _cli.RunAsync("exec", "inited", "sh", "-c", "pidof sleep")).Good);
        _ = (await _cli.RunAsync("exec", "inited", "sh", "-c", "(sleep 0.01 & exec true)")).Good;
        _ = (await _cli.RunAsync("stop", "-t", "30", "inited")).Good;

        Assert.Equal("143", (await _cli.RunAsync("inspect", "-f", "{{.State.ExitCode}}", "inited")).Good);
        _ = (await _cli.RunAsync("rm", "inited")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task Private_users_are_nobody_on_the_host_and_differ_from_container_to_container()
    {
        _ = (await _cli.RunAsync("run", "-d", "--userns", "private", "--name", "one", "-v", "kept:/kept", "busybox", "sh", "-c", "echo x > /kept/file; sleep 1000")).Good;
        var mapped = (await _cli.RunAsync("run", "--rm", "--userns", "private", "-v", "kept:/kept", "busybox", "sh", "-c", "id -u; cat /proc/self/uid_map; until [ -e /kept/file ]; do sleep 0.01; done; stat -c %u /kept/file")).Good.Split('\n');
        var other = (await _cli.RunAsync("exec", "one", "cat", "/proc/self/uid_map")).Good;

        Assert.Equal("0", mapped[0]);
        Assert.NotEqual(other.Trim(), mapped[1].Trim());
        Assert.True(long.Parse(other.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >= 1 << 30, other);
        // What one wrote belongs to root for the other, too.
        Assert.Equal("0", mapped[2]);
        // The host's network, over which those users have no rights.
        var shared = (await _cli.RunAsync("run", "--rm", "--userns", "private", "--network", "host", "busybox", "sh", "-c", "readlink /proc/self/ns/net; cat /proc/self/uid_map; ip link add suite-no type dummy || echo denied")).Good.Split('\n');
        Assert.Equal(new FileInfo("/proc/self/ns/net").LinkTarget, shared[0]);
        Assert.True(long.Parse(shared[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >= 1 << 30, shared[1]);
        Assert.Equal("denied", shared[2]);
        Assert.Contains("leave out one of the two", (await _cli.RunAsync("run", "--rm", "--userns", "private", "--pid", "host", "busybox", "true")).Error);
        _ = (await _cli.RunAsync("rm", "-f", "one")).Good;
        _ = (await _cli.RunAsync("volume", "rm", "kept")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task Processes_and_ipc_of_another_container_are_shared_through_restarts_of_everything()
    {
        _ = (await _cli.RunAsync("run", "-d", "--ipc", "shareable", "--name", "donor", "busybox", "sleep", "1111")).Good;
        string[] sharing = ["--pid", "container:donor", "--ipc", "container:donor"];
        _ = (await _cli.RunAsync(["run", "-d", .. sharing, "--name", "guest", "busybox", "sh", "-c", "echo seen > /dev/shm/file; exec sleep 2222"])).Good;

        // The guest sees the donor's process 1, the donor what the guest wrote.
        Assert.Contains("sleep 1111", (await _cli.RunAsync("exec", "guest", "ps")).Good);
        Assert.Contains("sleep 2222", (await _cli.RunAsync("exec", "donor", "ps")).Good);
        Assert.Equal("seen", (await _cli.RunAsync("exec", "donor", "sh", "-c", "until [ -e /dev/shm/file ]; do sleep 0.01; done; cat /dev/shm/file")).Good);
        foreach (var type in new[] { "pid", "ipc" })
            Assert.Equal((await _cli.RunAsync("exec", "donor", "readlink", $"/proc/self/ns/{type}")).Good, (await _cli.RunAsync("exec", "guest", "readlink", $"/proc/self/ns/{type}")).Good);
        var id = (await _cli.RunAsync("inspect", "-f", "{{.Id}}", "donor")).Good;
        Assert.Equal($"container:{id} container:{id}", (await _cli.RunAsync("inspect", "-f", "{{.HostConfig.PidMode}} {{.HostConfig.IpcMode}}", "guest")).Good);

        // A name means the container that had it: another of the same name is another.
        _ = (await _cli.RunAsync("rename", "donor", "renamed")).Good;
        await instance.Suite.RestartAsync("runtime");
        _ = (await _cli.RunAsync("restart", "-t", "0", "guest")).Good;
        Assert.Contains("sleep 1111", (await _cli.RunAsync("exec", "guest", "ps")).Good);

        // The end of process 1 is that of all who see it as theirs; without it there is nothing to share.
        _ = (await _cli.RunAsync("stop", "-t", "0", "renamed")).Good;
        Assert.Equal("137", (await _cli.RunAsync("wait", "guest")).Good);
        var absent = await _cli.RunAsync("start", "guest");
        Assert.Equal(1, absent.ExitCode);
        Assert.Contains("container renamed, whose processes it shares, does not run", absent.Error);
        _ = (await _cli.RunAsync("start", "renamed")).Good;
        _ = (await _cli.RunAsync("start", "guest")).Good;
        Assert.Contains("sleep 1111", (await _cli.RunAsync("exec", "guest", "ps")).Good);
        _ = (await _cli.RunAsync("rm", "-f", "guest", "renamed")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task Ipc_is_kept_for_oneself_unless_it_is_said_to_be_shared()
    {
        _ = (await _cli.RunAsync("run", "-d", "--name", "alone", "busybox", "sleep", "1000")).Good;
        Assert.Contains("make it with --ipc shareable", (await _cli.RunAsync("run", "--rm", "--ipc", "container:alone", "busybox", "true")).Error);
        Assert.Contains("no container nobody", (await _cli.RunAsync("run", "--rm", "--pid", "container:nobody", "busybox", "true")).Error);
        Assert.Equal("none", (await _cli.RunAsync("run", "--rm", "--ipc", "none", "busybox", "sh", "-c", "[ -e /dev/shm ] && grep /dev/shm /proc/mounts || echo none")).Good);
        Assert.Equal("", (await _cli.RunAsync("ps", "-aq", "--filter", "status=created")).Good);
        _ = (await _cli.RunAsync("rm", "-f", "alone")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task A_committed_image_has_no_files_that_were_only_mounted_on()
    {
        _ = (await _cli.RunAsync("run", "--name", "changed", "busybox", "sh", "-c", "echo x > /etc/own")).Good;
        _ = (await _cli.RunAsync("commit", "changed", "committed")).Good;
        _ = (await _cli.RunAsync("run", "--name", "resolv", "committed", "sh", "-c", "cat /etc/own /etc/hosts")).Good;
        // A container that never ran has the image's files and no others.
        using var folder = new TempFolder("commit");
        _ = (await _cli.RunAsync("create", "--name", "fresh", "committed")).Good;
        _ = (await _cli.RunAsync("export", "-o", folder.Path("files.tar"), "fresh")).Good;
        var files = new List<string>();
        using (var tar = new System.Formats.Tar.TarReader(File.OpenRead(folder.Path("files.tar"))))
        {
            while (tar.GetNextEntry() is { } entry)
                files.Add(entry.Name.Trim('/'));
        }

        Assert.Contains("etc/own", files);
        Assert.Empty(files.Intersect(["etc/hosts", "etc/hostname", "etc/resolv.conf"]));
        _ = (await _cli.RunAsync("rm", "changed", "resolv", "fresh")).Good;
        _ = (await _cli.RunAsync("rmi", "committed")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task Every_exposed_port_is_published()
    {
        _ = (await _cli.RunAsync("run", "-d", "-P", "--expose", "80", "--expose", "53/udp", "--name", "exposed", "busybox", "httpd", "-f", "-h", "/www")).Good;

        var ports = (await _cli.RunAsync("port", "exposed")).Good.Split('\n');
        Assert.Equal(["53/udp", "80/tcp"], ports.Select(p => p.Split(' ')[0]).Order());
        using var client = new TcpClient();
        await ConnectAsync(client, int.Parse((await _cli.RunAsync("port", "exposed", "80")).Good.Split(':')[1], CultureInfo.InvariantCulture));
        _ = (await _cli.RunAsync("rm", "-f", "exposed")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task People_are_confined_by_a_filter_of_system_calls_their_own_or_none()
    {
        using var folder = new TempFolder("seccomp");
        var profile = folder.File("profile.json", """{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO" }] }""");
        string[] status = ["busybox", "grep", "-E", "Seccomp:|NoNewPrivs", "/proc/self/status"];

        Assert.Equal("NoNewPrivs:\t1\nSeccomp:\t2", (await _cli.RunAsync(["run", "--rm", .. status])).Good);
        Assert.Equal("NoNewPrivs:\t0\nSeccomp:\t0", (await _cli.RunAsync(["run", "--rm", "--security-opt", "seccomp=unconfined", "--security-opt", "no-new-privileges=false", .. status])).Good);

        _ = (await _cli.RunAsync("run", "-d", "--security-opt", $"seccomp={profile}", "--name", "filtered", "busybox", "sleep", "1000")).Good;
        // The caller's file is not needed any more, neither for a further process nor for the next start.
        File.Delete(profile);
        Assert.Contains("Operation not permitted", (await _cli.RunAsync("exec", "filtered", "mkdir", "/x")).Error);
        _ = (await _cli.RunAsync("restart", "-t", "0", "filtered")).Good;
        Assert.Contains("Operation not permitted", (await _cli.RunAsync("exec", "filtered", "mkdir", "/x")).Error);
        _ = (await _cli.RunAsync("rm", "-f", "filtered")).Good;
        Assert.Empty(Directory.EnumerateFiles(instance.Suite.Root, "seccomp.json", SearchOption.AllDirectories));

        var wrong = folder.File("wrong.json", """{ "defaultAction": "NOSUCH" }""");
        var result = await _cli.RunAsync("run", "--rm", "--security-opt", $"seccomp={wrong}", "busybox", "true");
        Assert.Equal(125, result.ExitCode);
        Assert.Contains("NOSUCH", result.Error);
        Assert.Empty(Directory.EnumerateFiles(instance.Suite.Root, "seccomp.json", SearchOption.AllDirectories));
    }

    [RootFact(Needs = Needs)]
    public async Task Groups_by_name_and_paths_unmasked()
    {
        Assert.Contains("groups=0(root),77", (await _cli.RunAsync("run", "--rm", "--group-add", "77", "--group-add", "root", "busybox", "id")).Good);
        Assert.Equal(125, (await _cli.RunAsync("run", "--rm", "--group-add", "nosuch", "busybox", "id")).ExitCode);
        Assert.Contains("Read-only", (await _cli.RunAsync("run", "--rm", "busybox", "sh", "-c", "echo 1 > /proc/sys/kernel/core_uses_pid")).Error);
        Assert.Equal("", (await _cli.RunAsync("run", "--rm", "--security-opt", "systempaths=unconfined", "busybox", "sh", "-c", "read x < /proc/sys/kernel/core_uses_pid; echo $x > /proc/sys/kernel/core_uses_pid")).Error);
    }

    [RootFact(Needs = Needs)]
    public async Task A_command_in_the_background_goes_on_by_itself()
    {
        _ = (await _cli.RunAsync("run", "-d", "--name", "background", "busybox", "sleep", "1000")).Good;

        Assert.Equal(new CliResult(0, "", ""), await _cli.RunAsync("exec", "-d", "background", "sh", "-c", "sleep 0.2; echo said; echo done > /done; sleep 1000"));
        Assert.Equal("done", (await _cli.RunAsync("exec", "background", "sh", "-c", "until [ -s /done ]; do sleep 0.01; done; cat /done")).Good);
        Assert.Equal(127, (await _cli.RunAsync("exec", "-d", "background", "nosuch")).ExitCode);
        await instance.Suite.RestartAsync("runtime");
        Assert.Equal(2, (await _cli.RunAsync("top", "background", "-o", "args")).Good.Split('\n').Count(l => l.Contains("sleep 1000", StringComparison.Ordinal) && !l.Contains("sh -c", StringComparison.Ordinal)));
        _ = (await _cli.RunAsync("rm", "-f", "background")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task A_commit_lets_the_container_stand_still_unless_told_otherwise()
    {
        _ = (await _cli.RunAsync("run", "-d", "--name", "committed", "busybox", "sleep", "1000")).Good;
        string[] events = ["events", "--since", "5m", "--until", "0s", "-f", "container=committed", "-f", "event=pause", "-f", "event=unpause", "--format", "{{.Action}}"];

        _ = (await _cli.RunAsync("commit", "--pause=false", "committed", "moved")).Good;
        Assert.Equal("", (await _cli.RunAsync(events)).Good);
        _ = (await _cli.RunAsync("commit", "committed", "still")).Good;
        Assert.Equal("pause\nunpause", (await _cli.RunAsync(events)).Good);
        _ = (await _cli.RunAsync("rm", "-f", "committed")).Good;
        _ = (await _cli.RunAsync("rmi", "moved", "still")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task Options_come_from_a_file_as_well()
    {
        using var folder = new TempFolder("options");
        folder.File(".config/suite/cli.json", """{ "commands": { "run": { "rm": true, "env": ["FROM=file"] }, "ps": { "format": "{{.Names}}!" } } }""");
        var cli = new CliProcess(instance.Suite.Run, new Dictionary<string, string> { ["HOME"] = folder.FullName });

        Assert.Equal("file", (await cli.RunAsync("run", "--name", "filed", "busybox", "sh", "-c", "echo $FROM")).Good);
        Assert.Equal("", (await cli.RunAsync("ps", "-a", "-f", "name=filed")).Good);
        _ = (await cli.RunAsync("create", "--name", "filed", "busybox")).Good;
        Assert.Equal("filed!", (await cli.RunAsync("container", "ls", "-a", "-f", "name=filed")).Good);
        _ = (await cli.RunAsync("rm", "filed")).Good;
    }

    private static async Task ConnectAsync(TcpClient client, int port)
    {
        // The server listens a moment after it was started.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }
}
