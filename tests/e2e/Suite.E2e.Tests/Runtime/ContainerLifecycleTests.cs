using System.Diagnostics;
using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>Containers over CRI, from kubelet's side.</summary>
public sealed class ContainerLifecycleTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task A_container_prints_ends_and_is_told_about_exactly()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var good = await rig.StartAsync(pod, "good", "echo", "hello world");
        var bad = await rig.StartAsync(pod, "bad", "sh", "-c", "echo no >&2; exit 3");

        var end = await rig.EndOfAsync(good);
        Assert.Equal((0, "Completed"), (end.ExitCode, end.Reason));
        Assert.True(end.CreatedAt <= end.StartedAt && end.StartedAt <= end.FinishedAt, $"{end.CreatedAt} {end.StartedAt} {end.FinishedAt}");
        Assert.Equal(Path.Combine(rig.LogDirectory, "good/0.log"), end.LogPath);
        Assert.StartsWith("sha256:", end.ImageId);
        // Complete at the moment the state says exited: read at once, no second look.
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d) stdout F hello world\n$", await File.ReadAllTextAsync(end.LogPath, Token));

        end = await rig.EndOfAsync(bad);
        Assert.Equal((3, "Error"), (end.ExitCode, end.Reason));
        Assert.Matches(@" stderr F no\n$", await File.ReadAllTextAsync(end.LogPath, Token));
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task Stop_lets_a_process_end_by_itself_and_kills_one_that_does_not()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var polite = await rig.StartAsync(pod, "polite", "sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.01; done");
        var deaf = await rig.StartAsync(pod, "deaf", "sh", "-c", "trap '' TERM; while :; do sleep 1; done");
        await Task.Delay(200, Token); // until the traps are set

        await rig.StopAsync(polite, 30);
        Assert.Equal(7, (await rig.StatusAsync(polite)).ExitCode);

        var watch = Stopwatch.StartNew();
        await rig.StopAsync(deaf, 1);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 5);
        var end = await rig.StatusAsync(deaf);
        Assert.Equal((ContainerState.ContainerExited, 137, "Error"), (end.State, end.ExitCode, end.Reason));

        await rig.StopAsync(deaf, 1);
        await rig.StopAsync("0123456789", 1);
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task A_stop_that_comes_before_the_programs_handler_is_not_lost()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        // As process 1 it hears no signal before it has a handler, and it takes its time.
        var id = await rig.StartAsync(pod, "late", "sh", "-c", "sleep 0.5; trap 'exit 4' TERM; while :; do sleep 0.05; done");
        await rig.StopAsync(id, 60);
        Assert.Equal(4, (await rig.StatusAsync(id)).ExitCode);
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task A_name_is_taken_once_and_a_repeated_create_gets_the_same_container()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var config = KubernetesRig.ContainerConfig("one", "sleep", "100");
        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => rig.CreateAsync(pod, config)));
        Assert.Single(ids.Distinct());
        Assert.Single((await rig.Runtime.ListContainersAsync(new ListContainersRequest(), cancellationToken: Token)).Containers);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = ids[0] }, cancellationToken: Token);
        await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = ids[0] }, cancellationToken: Token).ResponseAsync);
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task Unknown_things_are_named()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var config = KubernetesRig.ContainerConfig("x", "true");
        config.Image.Image = "nowhere:9";
        Assert.Contains("nowhere:9", (await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.CreateAsync(pod, config))).Status.Detail);
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.CreateAsync("0123", KubernetesRig.ContainerConfig("x", "true")));
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.StatusAsync("0123"));
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.ExecAsync("0123", "true"));
        Assert.Contains("/no/such", (await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.StartAsync(pod, "missing", "/no/such"))).Status.Detail);
        var listed = Assert.Single((await rig.Runtime.ListContainersAsync(new ListContainersRequest(), cancellationToken: Token)).Containers);
        Assert.Equal((127, "StartError"), ((await rig.StatusAsync(listed.Id)).ExitCode, (await rig.StatusAsync(listed.Id)).Reason));
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task Exec_answers_with_what_was_said_and_a_timeout_ends_only_it()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var id = await rig.StartAsync(pod, "main", "sleep", "1000");

        var answer = await rig.ExecAsync(id, "sh", "-c", "echo -n out; echo -n err >&2; exit 5");
        Assert.Equal(("out", "err", 5), (answer.Stdout.ToStringUtf8(), answer.Stderr.ToStringUtf8(), answer.ExitCode));
        Assert.Equal("yes", (await rig.ExecAsync(id, "sh", "-c", "echo -n $FROM_IMAGE")).Stdout.ToStringUtf8());

        await KubernetesRig.FailsAsync(StatusCode.DeadlineExceeded, () => rig.Runtime.ExecSyncAsync(new ExecSyncRequest { ContainerId = id, Cmd = { "sleep", "4321" }, Timeout = 1 }, cancellationToken: Token).ResponseAsync);
        Assert.Equal("", (await rig.ExecAsync(id, "sh", "-c", "pgrep -f 'sleep 4321' | grep -v $$ || true")).Stdout.ToStringUtf8());
        Assert.Equal(ContainerState.ContainerRunning, (await rig.StatusAsync(id)).State);
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task A_container_is_who_and_where_it_was_asked_to_be()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var config = rig.PodConfig();
        config.DnsConfig = new DNSConfig { Servers = { "10.10.10.10" }, Searches = { "google.com" }, Options = { "ndots:8" } };
        var pod = await rig.RunPodAsync(config);
        var container = KubernetesRig.ContainerConfig("main", "sleep", "1000");
        container.WorkingDir = "/work";
        container.Linux.SecurityContext.RunAsUsername = "alice";
        container.Linux.SecurityContext.SupplementalGroups.Add(1234);
        var id = await rig.CreateAsync(pod, container);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);

        async Task<string> Ask(string script) => (await rig.ExecAsync(id, "sh", "-c", script)).Stdout.ToStringUtf8().Trim();
        Assert.Equal("1000 1000 10 1000 1234", string.Join(' ', (await Ask("id -u; id -g; id -G")).Split((char[])['\n', ' ']).Take(2).Concat((await Ask("id -G")).Split(' ').Order())));
        Assert.Equal("tests-host", await Ask("hostname"));
        Assert.Equal("tests-host", await Ask("cat /etc/hostname"));
        Assert.Equal("search google.com\nnameserver 10.10.10.10\noptions ndots:8", await Ask("cat /etc/resolv.conf"));
        Assert.Contains("tests-host", await Ask("cat /etc/hosts"));
        Assert.Equal("/work", await Ask("pwd"));
        Assert.Equal("1", await Ask("cat /proc/1/comm | grep -c sleep"));
        Assert.Equal([10, 1000, 1234], (await rig.StatusAsync(id)).User.Linux.SupplementalGroups);
        await rig.RemovePodAsync(pod);
    }
}
