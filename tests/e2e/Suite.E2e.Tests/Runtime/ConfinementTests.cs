using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using ProfileType = Runtime.V1.SecurityProfile.Types.ProfileType;

namespace Suite.E2e.Tests.Runtime;

/// <summary>What a container may do, as critest asks for it.</summary>
public sealed class ConfinementTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private const string NoChmod = """{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [ { "names": [ "chmod", "fchmod", "fchmodat" ], "action": "SCMP_ACT_ERRNO" } ] }""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task A_filter_of_system_calls_is_set_as_asked_and_for_what_is_executed_too()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var file = Path.Combine(suite.Root, "no-chmod.json");
        await File.WriteAllTextAsync(file, NoChmod, Token);
        var pod = await rig.RunPodAsync();

        // nil is unconfined, and privileged is whatever was asked for.
        Assert.Equal("0", await FilterAsync("none", _ => { }));
        Assert.Equal("0", await FilterAsync("unconfined", context => context.Seccomp = new SecurityProfile { ProfileType = ProfileType.Unconfined }));
        Assert.Equal("2", await FilterAsync("default", context => context.Seccomp = new SecurityProfile { ProfileType = ProfileType.RuntimeDefault }));
        Assert.Equal("2", await FilterAsync("localhost", context => context.Seccomp = new SecurityProfile { ProfileType = ProfileType.Localhost, LocalhostRef = file }));
        Assert.Equal("0", await FilterAsync("privileged", context =>
        {
            context.Privileged = true;
            context.Seccomp = new SecurityProfile { ProfileType = ProfileType.Localhost, LocalhostRef = file };
        }));

        var id = await StartAsync("chmod", context => context.Seccomp = new SecurityProfile { ProfileType = ProfileType.Localhost, LocalhostRef = file });
        Assert.Contains("Operation not permitted", (await rig.ExecAsync(id, "/bin/busybox", "chmod", "400", "/tmp")).Stderr.ToStringUtf8());

        var missing = KubernetesRig.ContainerConfig("missing", "true");
        missing.Linux.SecurityContext.Seccomp = new SecurityProfile { ProfileType = ProfileType.Localhost, LocalhostRef = "/no/such.json" };
        Assert.Contains("/no/such.json", (await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.CreateAsync(pod, missing))).Status.Detail);
        missing.Linux.SecurityContext.Seccomp.LocalhostRef = "relative.json";
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.CreateAsync(pod, missing));
        await rig.RemovePodAsync(pod);

        async Task<string> FilterAsync(string name, Action<LinuxContainerSecurityContext> confine)
        {
            var id = await StartAsync(name, confine);
            string Of(string status) => status.Split('\n').Single(line => line.StartsWith("Seccomp:", StringComparison.Ordinal)).Split('\t')[1];
            var first = Of((await rig.ExecAsync(id, "cat", "/proc/1/status")).Stdout.ToStringUtf8());
            Assert.Equal(first, Of((await rig.ExecAsync(id, "cat", "/proc/self/status")).Stdout.ToStringUtf8()));
            return first;
        }

        async Task<string> StartAsync(string name, Action<LinuxContainerSecurityContext> confine)
        {
            var config = KubernetesRig.ContainerConfig(name, "sleep", "1000");
            confine(config.Linux.SecurityContext);
            var id = await rig.CreateAsync(pod, config);
            await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
            return id;
        }
    }

    [RootFact(Needs = Needs)]
    public async Task Capabilities_paths_and_devices_are_those_asked_for()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var none = await StartAsync("none", context => context.Capabilities = new Capability { DropCapabilities = { "ALL" } });
        Assert.Contains("CapBnd:\t0000000000000000", (await rig.ExecAsync(none, "cat", "/proc/1/status")).Stdout.ToStringUtf8());
        var all = await StartAsync("all", context => context.Capabilities = new Capability { AddCapabilities = { "ALL" } });
        Assert.DoesNotContain("CapBnd:\t0000000000000000", (await rig.ExecAsync(all, "cat", "/proc/1/status")).Stdout.ToStringUtf8());

        var guarded = await StartAsync("guarded", context =>
        {
            context.MaskedPaths.Add("/etc/group");
            context.ReadonlyPaths.Add("/tmp");
        });
        Assert.Equal("", (await rig.ExecAsync(guarded, "cat", "/etc/group")).Stdout.ToStringUtf8());
        Assert.Equal("touch: /tmp/test: Read-only file system\n", (await rig.ExecAsync(guarded, "touch", "/tmp/test")).Stderr.ToStringUtf8());
        var fixedRoot = await StartAsync("fixed", context => context.ReadonlyRootfs = true);
        Assert.Contains("Read-only", (await rig.ExecAsync(fixedRoot, "touch", "/x")).Stderr.ToStringUtf8());

        // All devices of the host for a privileged one, none of them for the others.
        var privileged = await StartAsync("privileged", context => context.Privileged = true);
        const string Count = "cd /dev; for f in *; do test -b $f && echo $f; done";
        Assert.Equal(Directory.GetFiles("/dev").Count(IsBlockDevice), (await rig.ExecAsync(privileged, "/bin/busybox", "sh", "-c", Count)).Stdout.ToStringUtf8().Split('\n').Count(line => line.Length > 0));
        Assert.Equal("", (await rig.ExecAsync(all, "/bin/busybox", "sh", "-c", Count)).Stdout.ToStringUtf8());
        await rig.RemovePodAsync(pod);

        async Task<string> StartAsync(string name, Action<LinuxContainerSecurityContext> confine)
        {
            var config = KubernetesRig.ContainerConfig(name, "sleep", "1000");
            confine(config.Linux.SecurityContext);
            var id = await rig.CreateAsync(pod, config);
            await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
            return id;
        }
    }

    [RootFact(Needs = Needs)]
    public async Task A_device_is_given_as_its_vendor_describes_it()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        var cdi = Directory.CreateDirectory(Path.Combine(suite.Root, "cdi")).FullName;
        await File.WriteAllTextAsync(Path.Combine(cdi, "vendor.yaml"), """
            cdiVersion: "0.6.0"
            kind: vendor.com/thing
            devices:
              - name: one
                containerEdits:
                  env: [ "THING=one" ]
                  deviceNodes: [ { path: /dev/thing, hostPath: /dev/zero } ]
            """, Token);
        await File.WriteAllTextAsync(Path.Combine(suite.Config, "runtime.json"), $$"""{ "cdiFolders": [ "{{cdi}}" ] }""", Token);
        await suite.RestartAsync("runtime");
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var config = KubernetesRig.ContainerConfig("main", "sleep", "1000");
        config.CDIDevices.Add(new CDIDevice { Name = "vendor.com/thing=one" });
        var id = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        Assert.Equal("one 4", (await rig.ExecAsync(id, "sh", "-c", "echo -n one $(head -c 4 /dev/thing | /bin/busybox wc -c)")).Stdout.ToStringUtf8());
        Assert.Contains("THING=one", (await rig.ExecAsync(id, "cat", "/proc/1/environ")).Stdout.ToStringUtf8());
        config.Metadata.Name = "other";
        config.CDIDevices[0].Name = "vendor.com/thing=two";
        Assert.Contains("vendor.com/thing=two", (await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.CreateAsync(pod, config))).Status.Detail);
        await rig.RemovePodAsync(pod);
    }

    private static bool IsBlockDevice(string path) =>
        Suite.Linux.Files.FileStatus.Of(path, followLink: false) is { Kind: Suite.Linux.Files.FileKind.BlockDevice };
}
