using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>Lists in one answer and as streams (KEP-5825): the same things, each once.</summary>
public sealed class ListTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public async Task Streams_carry_what_the_lists_have_and_filters_say_which()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pods = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var config = rig.PodConfig($"pod{i}");
            config.Labels["number"] = $"{i}";
            pods.Add(await rig.RunPodAsync(config));
        }
        var labelled = KubernetesRig.ContainerConfig("one", "sleep", "1000");
        labelled.Labels["tier"] = "front";
        labelled.Annotations["note"] = "kept";
        var one = await rig.CreateAsync(pods[0], labelled);
        var two = await rig.StartAsync(pods[0], "two", "sleep", "1000");
        var three = await rig.StartAsync(pods[1], "three", "sleep", "1000");
        await rig.Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = pods[2] }, cancellationToken: Token);

        Assert.Equal(pods.Order(), await PodsAsync(new PodSandboxFilter()));
        Assert.Equal([pods[1]], await PodsAsync(new PodSandboxFilter { LabelSelector = { ["number"] = "1" } }));
        Assert.Equal([pods[2]], await PodsAsync(new PodSandboxFilter { State = new PodSandboxStateValue { State = PodSandboxState.SandboxNotready } }));
        Assert.Equal([pods[0]], await PodsAsync(new PodSandboxFilter { Id = pods[0][..10] }));
        Assert.Empty(await PodsAsync(new PodSandboxFilter { Id = "0123456789" }));

        Assert.Equal(((string[])[one, two, three]).Order(), await ContainersAsync(new ContainerFilter()));
        Assert.Equal(((string[])[one, two]).Order(), await ContainersAsync(new ContainerFilter { PodSandboxId = pods[0] }));
        Assert.Equal([one], await ContainersAsync(new ContainerFilter { LabelSelector = { ["tier"] = "front" } }));
        Assert.Equal([one], await ContainersAsync(new ContainerFilter { State = new ContainerStateValue { State = ContainerState.ContainerCreated } }));
        Assert.Equal([three], await ContainersAsync(new ContainerFilter { Id = three[..10] }));

        var listed = (await rig.Runtime.ListContainersAsync(new ListContainersRequest { Filter = new ContainerFilter { Id = one } }, cancellationToken: Token)).Containers.Single();
        var status = await rig.StatusAsync(one);
        Assert.Equal((status.ImageId, status.ImageRef, "kept", pods[0]), (listed.ImageId, listed.ImageRef, listed.Annotations["note"], listed.PodSandboxId));
        foreach (var pod in pods)
            await rig.RemovePodAsync(pod);

        async Task<IEnumerable<string>> PodsAsync(PodSandboxFilter filter)
        {
            var whole = (await rig.Runtime.ListPodSandboxAsync(new ListPodSandboxRequest { Filter = filter }, cancellationToken: Token)).Items;
            using var call = rig.Runtime.StreamPodSandboxes(new StreamPodSandboxesRequest { Filter = filter }, cancellationToken: Token);
            var streamed = await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
            Assert.All(streamed, message => Assert.NotEmpty(message.PodSandboxes));
            Assert.Equal(whole.OrderBy(pod => pod.Id), streamed.SelectMany(message => message.PodSandboxes).OrderBy(pod => pod.Id));
            return whole.Select(pod => pod.Id).Order();
        }

        async Task<IEnumerable<string>> ContainersAsync(ContainerFilter filter)
        {
            var whole = (await rig.Runtime.ListContainersAsync(new ListContainersRequest { Filter = filter }, cancellationToken: Token)).Containers;
            using var call = rig.Runtime.StreamContainers(new StreamContainersRequest { Filter = filter }, cancellationToken: Token);
            var streamed = await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
            Assert.All(streamed, message => Assert.NotEmpty(message.Containers));
            Assert.Equal(whole.OrderBy(container => container.Id), streamed.SelectMany(message => message.Containers).OrderBy(container => container.Id));
            return whole.Select(container => container.Id).Order();
        }
    }

    [RootFact(Needs = Need.Executables)]
    public async Task Calls_that_are_not_built_say_so()
    {
        await using var suite = await SuiteInstance.StartAsync();
        await KubernetesRig.FailsAsync(StatusCode.Unimplemented, () => suite.Runtime.CheckpointContainerAsync(new CheckpointContainerRequest(), cancellationToken: Token).ResponseAsync);
        await KubernetesRig.FailsAsync(StatusCode.Unimplemented, () => suite.Runtime.CheckpointPodAsync(new CheckpointPodRequest(), cancellationToken: Token).ResponseAsync);
        await KubernetesRig.FailsAsync(StatusCode.Unimplemented, () => suite.Runtime.RestorePodAsync(new RestorePodRequest(), cancellationToken: Token).ResponseAsync);
    }
}
