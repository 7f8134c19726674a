using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed class MountTests
{
    [RootTheory(Needs = Need.Busybox)]
    [InlineData("rw")]
    [InlineData("ro")]
    public async Task A_tmpfs_can_begin_with_what_it_covers(string access)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var data = Directory.CreateDirectory(Path.Combine(pod.Image, "data", "deep", "deeper")).FullName;
        File.WriteAllText(Path.Combine(data, "file"), "content\n");
        File.SetUnixFileMode(Path.Combine(data, "file"), (UnixFileMode)0b100_110_100_000);
        HostMount.Run("/bin/chown", "5:6", Path.Combine(data, "file"));
        File.SetUnixFileMode(Path.Combine(data, "file"), (UnixFileMode)0b100_110_100_000);
        File.SetUnixFileMode(Path.Combine(pod.Image, "data"), (UnixFileMode)0b111_000_001);
        File.SetLastWriteTimeUtc(Path.Combine(data, "file"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        // A link to the host's files is copied as a link.
        File.CreateSymbolicLink(Path.Combine(data, "link"), "/etc/shadow");
        HostMount.Run("/bin/mkfifo", Path.Combine(data, "pipe"));
        var spec = pod.Spec("t", "sh", "-c", "exec 2>&1; cd /data/deep/deeper; stat -c '%a %u:%g %Y' file; cat file; readlink link; test -p pipe && echo pipe; stat -c %a /data; echo changed > file; touch /data/new; grep ' /data ' /proc/mounts | cut -d' ' -f1");
        spec = spec with { Mounts = [.. spec.Mounts!, new() { Destination = "/data", Type = "tmpfs", Source = "copy", Options = ["tmpcopyup", access, "size=1m"] }] };
        var (_, output) = await pod.RunAsync("t", spec);
        Assert.StartsWith("4640 5:6 981173106\ncontent\n/etc/shadow\npipe\n701\n", output, StringComparison.Ordinal);
        Assert.EndsWith("copy\n", output, StringComparison.Ordinal);
        Assert.Equal(access == "ro", output.Contains("Read-only file system", StringComparison.Ordinal));
        Assert.Equal("content\n", File.ReadAllText(Path.Combine(data, "file")));
        Assert.False(Directory.Exists(pod.Folder.Path("rw", "t", "upper", "data")));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task What_does_not_fit_into_the_tmpfs_fails_the_start()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        Directory.CreateDirectory(Path.Combine(pod.Image, "data"));
        File.WriteAllBytes(Path.Combine(pod.Image, "data", "big"), new byte[256 << 10]);
        var spec = pod.Spec("t", "true");
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("t", spec with
        {
            Mounts = [.. spec.Mounts!, new() { Destination = "/data", Type = "tmpfs", Options = ["tmpcopyup", "size=64k"] }],
        }));
        Assert.Contains("copy /data to a tmpfs: no space left", failure.Message, StringComparison.Ordinal);
    }

    [RootTheory(Needs = Need.Busybox)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_file_system_can_show_other_owners_than_it_stores(bool ownUsers)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        const uint first = 400_000;
        IdMapping[] users = [new() { ContainerID = 0, HostID = first, Size = 65_536 }];
        IdMapping[] shown = [new() { ContainerID = 0, HostID = (ownUsers ? first : 0) + 7, Size = 1 }];
        var spec = pod.Spec("i", "sh", "-c", "stat -c %u:%g /data; stat -c %u /own; touch /own/file && stat -c %u /own/file");
        spec = spec with
        {
            Mounts =
            [
                .. spec.Mounts!,
                new() { Destination = "/data", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid"], UidMappings = shown, GidMappings = shown },
                new() { Destination = "/own", Type = "tmpfs", Source = "tmpfs", Options = ownUsers ? ["idmap"] : [] },
            ],
        };
        if (ownUsers)
            spec = spec with { Linux = spec.Linux! with { UidMappings = users, GidMappings = users, Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "user" }, new() { Type = "ipc" }, new() { Type = "network" }, new() { Type = "uts" }] } };
        var start = ownUsers ? pod.StartIdMappedAsync("i", spec) : pod.StartAsync("i", spec);
        if (Environment.OSVersion.Version < new Version(6, 3))
        {
            var failure = await Assert.ThrowsAsync<StartFailedException>(() => start);
            Assert.Equal(ErrorKind.Unsupported, failure.Kind);
            Assert.Contains("its file system cannot on this kernel (tmpfs can since Linux 6.3", failure.Message, StringComparison.Ordinal);
            return;
        }

        await start;
        await pod.ExitOfAsync("i");
        Assert.Equal("7:7\n0\n0\n", pod.Output("i"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_directory_or_a_file_of_a_new_file_system_can_be_mounted_and_the_whole_is_nowhere()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("p", "sh", "-c", "ls /kernel/hostname; cat /host/name; echo x > /host/name; grep -c '^part ' /proc/mounts; ls -a /only");
        Mount Part(string destination, string part) => new() { Destination = destination, Type = "proc", Source = "part", Options = ["ro", $"suite.part={part}"] };
        var (_, output) = await pod.RunAsync("p", spec with { Mounts = [.. spec.Mounts!, Part("/kernel", "/sys/kernel"), Part("/host/name", "/sys/kernel/hostname"), Part("/only", "/self/../bus")] });
        Assert.StartsWith("/kernel/hostname\npodhost\n", output, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", output, StringComparison.Ordinal);
        Assert.Contains("\n3\n", output, StringComparison.Ordinal);

        // Where it is not, nothing of it is left either.
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("n", pod.Spec("n", "true") with { Mounts = [.. spec.Mounts!, Part("/none", "/no/such")] }));
        Assert.Contains("bind /no/such of what is to be mounted on /none: no such file or directory", failure.Message, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_label_of_mounts_is_refused_where_the_kernel_has_no_SELinux()
    {
        if (File.ReadAllText("/proc/filesystems").Contains("selinuxfs", StringComparison.Ordinal))
            return;
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("l", "true");
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("l", spec with { Linux = spec.Linux! with { MountLabel = "system_u:object_r:container_file_t:s0:c1,c2" } }));
        Assert.Equal(ErrorKind.Unsupported, failure.Kind);
        Assert.Contains("label the files of tmpfs with system_u:object_r:container_file_t:s0:c1,c2: this kernel has no active SELinux", failure.Message, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_class_of_service_is_refused_where_the_host_has_no_resctrl()
    {
        if (File.ReadAllText("/proc/mounts").Contains(" resctrl ", StringComparison.Ordinal))
            return;
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("r", "true");
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("r", spec with { Linux = spec.Linux! with { IntelRdt = new() { L3CacheSchema = "L3:0=f" } } }));
        Assert.Equal(ErrorKind.Unsupported, failure.Kind);
        Assert.Contains("this host has no resctrl mounted", failure.Message, StringComparison.Ordinal);
    }
}
