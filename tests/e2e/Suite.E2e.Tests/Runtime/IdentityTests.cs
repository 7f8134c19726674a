using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>Who processes are, and where what they say goes.</summary>
public sealed class IdentityTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Users_and_groups_are_as_asked_by_number_and_by_the_images_files()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();

        // alice is in wheel (10) in the image's /etc/group: kept, or left out.
        var merged = await StartAsync("merged", context => context.RunAsUser = new Int64Value { Value = 1000 });
        Assert.Equal("1000:1000 10 1000 1234", await WhoAsync(merged));
        var strict = await StartAsync("strict", context =>
        {
            context.RunAsUser = new Int64Value { Value = 1000 };
            context.SupplementalGroupsPolicy = SupplementalGroupsPolicy.Strict;
        });
        Assert.Equal("1000:1000 1000 1234", await WhoAsync(strict));
        var grouped = await StartAsync("grouped", context => (context.RunAsUser, context.RunAsGroup) = (new Int64Value { Value = 1000 }, new Int64Value { Value = 77 }));
        Assert.Equal("1000:77 10 77 1234", await WhoAsync(grouped));
        Assert.Equal((1000, 77), ((await rig.StatusAsync(grouped)).User.Linux.Uid, (await rig.StatusAsync(grouped)).User.Linux.Gid));

        var wrong = KubernetesRig.ContainerConfig("wrong", "true");
        wrong.Linux.SecurityContext.RunAsGroup = new Int64Value { Value = 77 };
        Assert.Contains("run_as_group", (await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.CreateAsync(pod, wrong))).Status.Detail);
        wrong.Linux.SecurityContext.RunAsGroup = null;
        wrong.Linux.SecurityContext.RunAsUsername = "nobody-of-the-image";
        Assert.Contains("nobody-of-the-image", (await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.CreateAsync(pod, wrong))).Status.Detail);

        // Without new rights, and what is executed later likewise.
        var guarded = await StartAsync("guarded", context => context.NoNewPrivs = true);
        Assert.Contains("NoNewPrivs:\t1", (await rig.ExecAsync(guarded, "cat", "/proc/1/status")).Stdout.ToStringUtf8());
        Assert.Contains("NoNewPrivs:\t1", (await rig.ExecAsync(guarded, "cat", "/proc/self/status")).Stdout.ToStringUtf8());
        await rig.RemovePodAsync(pod);

        async Task<string> StartAsync(string name, Action<LinuxContainerSecurityContext> who)
        {
            var config = KubernetesRig.ContainerConfig(name, "sleep", "1000");
            config.Linux.SecurityContext.SupplementalGroups.Add(1234);
            who(config.Linux.SecurityContext);
            var id = await rig.CreateAsync(pod, config);
            await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
            return id;
        }

        // Of the first process and of one that comes later: they must agree.
        async Task<string> WhoAsync(string id)
        {
            var later = (await rig.ExecAsync(id, "sh", "-c", "echo $(id -u):$(id -g) $(id -G)")).Stdout.ToStringUtf8().Trim().Split(' ');
            var lines = (await rig.ExecAsync(id, "cat", "/proc/1/status")).Stdout.ToStringUtf8().Split('\n');
            string[] Numbers(string name) => lines.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1..];
            var first = $"{Numbers("Uid:")[0]}:{Numbers("Gid:")[0]} {string.Join(' ', Numbers("Groups:").Append(Numbers("Gid:")[0]).Distinct().Select(int.Parse).Order())}";
            Assert.Equal(first, $"{later[0]} {string.Join(' ', later[1..].Select(int.Parse).Order())}");
            return first;
        }
    }

    [RootFact(Needs = Needs)]
    public async Task A_log_that_was_renamed_is_left_alone_and_the_new_one_is_there_at_once()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var id = await rig.StartAsync(pod, "main", "sh", "-c", "i=0; while :; do echo $i; i=$((i+1)); sleep 0.01; done");
        var log = (await rig.StatusAsync(id)).LogPath;
        Assert.True(Path.IsPathRooted(log));
        while (!File.Exists(log) || new FileInfo(log).Length == 0)
            await Task.Delay(10, Token);
        File.Move(log, log + ".old");
        await rig.Runtime.ReopenContainerLogAsync(new ReopenContainerLogRequest { ContainerId = id }, cancellationToken: Token);
        Assert.True(File.Exists(log));
        var before = await File.ReadAllLinesAsync(log + ".old", Token);
        await Task.Delay(500, Token);
        Assert.Equal(before, await File.ReadAllLinesAsync(log + ".old", Token));
        // Not a line is lost between the two.
        await rig.StopAsync(id, 0);
        var numbers = before.Concat(await File.ReadAllLinesAsync(log, Token)).Select(line => int.Parse(line.Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(Enumerable.Range(0, numbers.Length), numbers);
        await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => rig.Runtime.ReopenContainerLogAsync(new ReopenContainerLogRequest { ContainerId = id }, cancellationToken: Token).ResponseAsync);
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.Runtime.ReopenContainerLogAsync(new ReopenContainerLogRequest { ContainerId = "0123" }, cancellationToken: Token).ResponseAsync);
        await rig.RemovePodAsync(pod);
    }
}
