using System.Diagnostics;
using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>Profiles by name, on kernels with AppArmor (Debian's, in the virtual machine) and without.</summary>
public sealed class AppArmorTests
{
    private const string Filesystem = "/sys/kernel/security";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public async Task A_profile_that_is_not_loaded_is_refused_when_the_container_is_created()
    {
        // Who boots a machine for tests does not always mount it.
        var active = File.Exists("/sys/module/apparmor/parameters/enabled") && (await File.ReadAllTextAsync("/sys/module/apparmor/parameters/enabled", Token)).StartsWith('Y');
        var mounts = active && !Directory.Exists($"{Filesystem}/apparmor");
        if (mounts)
            await RunAsync("mount", "-t", "securityfs", "securityfs", Filesystem);
        try
        {
            await using var suite = await SuiteInstance.StartAsync();
            var rig = new KubernetesRig(suite);
            await rig.BuildImageAsync();
            var pod = await rig.RunPodAsync();
            var config = KubernetesRig.ContainerConfig("main", "true");
            config.Linux.SecurityContext.Apparmor = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Localhost, LocalhostRef = "localhost/suite-nowhere" };
            if (active)
            {
                Assert.Contains("suite-nowhere: it is not loaded", (await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => rig.CreateAsync(pod, config))).Status.Detail);
            }
            else
            {
                var id = await rig.CreateAsync(pod, config);
                var failure = await Assert.ThrowsAsync<RpcException>(() => rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token).ResponseAsync);
                Assert.Contains("no active AppArmor", failure.Status.Detail);
            }

            await rig.RemovePodAsync(pod);
        }
        finally
        {
            if (mounts)
                await RunAsync("umount", Filesystem);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}
