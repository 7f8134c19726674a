using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>The known ways out of a container, each tried. Links at /proc, /dev and the pod's shared memory are in IsolationTests.</summary>
public sealed class EscapeTests
{
    /// <summary>CVE-2019-5736: the program of the runtime, reached through a process that is about to become another.</summary>
    [RootFact(Needs = Need.Busybox)]
    public async Task The_shims_program_cannot_be_written_through_proc_even_by_roots_of_the_host()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        // Kept open while it runs, to be written when it runs no more: until then the kernel itself says "text file busy".
        using var program = File.OpenHandle($"/proc/{pod.Shim.Pid}/exe");
        await pod.StartAsync("c", pod.Spec("c", "sleep", "60"));
        // The init is the shim's program until it has become another; here it is told to become itself, in a root without its loader.
        var refused = await Assert.ThrowsAsync<StartFailedException>(() => pod.ExecAsync("c", "/proc/self/exe"));
        Assert.Equal(127, refused.ExitCode);

        await pod.Shim.ShutdownAsync(ExecFixture.Token);
        var failure = Record.Exception(() => new FileStream($"/proc/self/fd/{program.DangerousGetHandle()}", FileMode.Open, FileAccess.Write).Dispose());
        Assert.Contains("Read-only file system", failure!.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>CVE-2024-21626: a working directory that is a descriptor of the host's.</summary>
    [RootTheory(Needs = Need.Busybox)]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/proc/self/fd/4")]
    [InlineData("/proc/self/fd/7")]
    [InlineData("/proc/self/fd/9")]
    [InlineData("/proc/self/fd/12")]
    [InlineData("/proc/1/cwd/../../..")]
    public async Task A_working_directory_behind_a_descriptor_leads_nowhere_but_the_container(string directory)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("c", "sh", "-c", "test -e .$0 && echo out; test -e ./../../../../../../..$0 && echo out; echo in", pod.Folder.Path("image"));
        try
        {
            var (_, output) = await pod.RunAsync("c", spec with { Process = spec.Process! with { Cwd = directory } });
            Assert.Equal("in\n", output);
        }
        catch (StartFailedException refused)
        {
            Assert.Contains(directory, refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>CVE-2025-31133: /dev/null put aside, so that something else is bound over the files of /proc.</summary>
    [RootTheory(Needs = Need.Busybox)]
    [InlineData("link")]
    [InlineData("file")]
    [InlineData("none")]
    public async Task A_dev_null_that_is_not_the_null_device_masks_nothing(string kind)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var devices = pod.Folder.Folder("dev");
        if (kind == "link")
            File.CreateSymbolicLink(Path.Combine(devices, "null"), "/proc/sys/kernel/core_pattern");
        else if (kind == "file")
            File.WriteAllText(Path.Combine(devices, "null"), "");
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("c", WithDev(pod.Spec("c", "true"), devices)));
        Assert.Contains("/dev/null", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>CVE-2025-52565: /dev/console put aside, so that the terminal is bound over a file of the container's choice.</summary>
    [RootFact(Needs = Need.Busybox)]
    public async Task A_dev_console_that_is_a_link_is_not_followed()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var devices = pod.Folder.Folder("dev");
        Directory.CreateDirectory(Path.Combine(devices, "pts"));
        File.CreateSymbolicLink(Path.Combine(devices, "console"), "/proc/sys/kernel/core_pattern");
        var spec = WithDev(pod.Spec("c", "true"), devices);
        spec = spec with { Process = spec.Process! with { Terminal = true }, Linux = spec.Linux! with { MaskedPaths = [] }, Mounts = [.. spec.Mounts!, new() { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["newinstance", "ptmxmode=0666"] }] };
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("c", spec, new ContainerStreams { Terminal = true }));
        Assert.Contains("/dev/console", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>CVE-2025-52881: what is written to /proc goes to a file of the image's.</summary>
    [RootFact(Needs = Need.Busybox)]
    public async Task A_proc_of_the_images_own_takes_none_of_what_is_written_to_the_kernel()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        foreach (var path in new[] { "proc/self/oom_score_adj", "proc/sys/kernel/msgmax", "proc/self/attr/exec", "proc/thread-self/attr/exec" })
        {
            Directory.CreateDirectory(Path.Combine(pod.Image, Path.GetDirectoryName(path)!));
            File.WriteAllText(Path.Combine(pod.Image, path), "untouched\n");
        }

        var spec = pod.Spec("c", "sh", "-c", "cat /proc/self/oom_score_adj /proc/sys/kernel/msgmax; mkdir /real && mount -t proc proc /real; cat /real/self/oom_score_adj /real/sys/kernel/msgmax");
        spec = spec with
        {
            Process = spec.Process! with { OomScoreAdj = 321, Capabilities = new() { Bounding = ["CAP_SYS_ADMIN"], Effective = ["CAP_SYS_ADMIN"], Permitted = ["CAP_SYS_ADMIN"] } },
            Mounts = [.. spec.Mounts!.Where(mount => mount.Destination != "/proc")],
            Linux = spec.Linux! with { MaskedPaths = [], ReadonlyPaths = [], Sysctl = new Dictionary<string, string> { ["kernel.msgmax"] = "4321" }, Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "ipc" }] },
        };
        var (_, output) = await pod.RunAsync("c", spec);
        Assert.Equal("untouched\nuntouched\n321\n4321\n", output);
    }

    /// <summary>CVE-2024-45310 and CVE-2026-41579: directories and files for mounts, made on the host through a link of the image.</summary>
    [RootTheory(Needs = Need.Busybox)]
    [InlineData("/link/a/b")]
    [InlineData("/link/../../../../../../link/a/b")]
    [InlineData("/up/a/b")]
    public async Task A_destination_behind_a_link_is_made_in_the_container(string destination)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var outside = pod.Folder.Folder("outside");
        File.CreateSymbolicLink(Path.Combine(pod.Image, "link"), outside);
        File.CreateSymbolicLink(Path.Combine(pod.Image, "up"), $"../../../../../..{outside}");
        var spec = pod.Spec("c", "true");
        spec = spec with
        {
            Mounts = [.. spec.Mounts!, new() { Destination = destination, Type = "tmpfs", Source = "tmpfs" }, new() { Destination = destination + "file", Type = "bind", Source = "/etc/hostname", Options = ["bind"] }],
            Linux = spec.Linux! with { Devices = [new() { Type = "c", Path = destination + "device", Major = 1, Minor = 3 }] },
        };
        // That there is nothing at the link's end in the container may fail the start; what counts is outside.
        var refused = await Record.ExceptionAsync(() => pod.RunAsync("c", spec));
        Assert.True(refused is null or StartFailedException, $"{refused}");
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    /// <summary>CVE-2022-29162: inheritable capabilities give those of files to any user.</summary>
    [RootFact(Needs = Need.Busybox)]
    public async Task Nothing_is_inheritable_or_ambient_that_was_not_asked_for()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("c", pod.Spec("c", "sleep", "60"));
        var (output, _) = await pod.ExecAsync("c", "grep", "-E", "CapInh|CapAmb", "/proc/self/status");
        Assert.Equal("CapInh:\t0000000000000000\nCapAmb:\t0000000000000000\n", output);
    }

    /// <summary>While an init makes itself ready it has the shim's memory and descriptors.</summary>
    [RootFact(Needs = Need.Busybox)]
    public async Task Nobody_in_the_container_can_look_into_a_process_that_joins_it()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var watch = "while true; do for p in /proc/[0-9]*; do [ $p = /proc/1 ] || [ $p = /proc/$$ ] || { readlink $p/exe; ls $p/fd 2>/dev/null | grep -E '^([3-9]|..)$'; cat $p/environ 2>/dev/null; }; done; done 2>/dev/null | grep -i -E 'shim|^[0-9]+$'";
        await pod.StartAsync("c", pod.Spec("c", "sh", "-c", $"echo ready; {watch}"));
        await pod.WaitForLineAsync("c", "ready");
        for (var i = 0; i < 100; i++)
            await pod.ExecAsync("c", "true");
        await pod.Shim.SignalAsync("c", 9, all: true, ExecFixture.Token);
        await pod.ExitOfAsync("c");
        Assert.DoesNotContain("shim", pod.Output("c"), StringComparison.OrdinalIgnoreCase);
    }

    private static Spec WithDev(Spec spec, string folder) => spec with
    {
        Mounts = [.. spec.Mounts!.Where(mount => !mount.Destination.StartsWith("/dev", StringComparison.Ordinal)), new() { Destination = "/dev", Type = "bind", Source = folder, Options = ["bind"] }],
    };
}
