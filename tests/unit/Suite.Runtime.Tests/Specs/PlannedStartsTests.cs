using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Specs;
using Spec = Suite.Oci.Runtime.Spec;

namespace Suite.Runtime.Tests.Specs;

public sealed class PlannedStartsTests
{
    private static readonly ContainerUser Root = new(0, 0, [0]);

    private readonly PlannedStarts _planned = new();
    private readonly ContainerPlan _plan = ContainerPlan.From(
        new Spec { Process = new() { Args = ["true"], Cwd = "/" }, Root = new() { Path = "/r" }, Linux = new() { CgroupsPath = "/s/c1", Namespaces = [new() { Type = "mount" }] } },
        new ContainerOptions { Id = "c1" });

    [Fact]
    public void A_plan_is_given_once_whatever_state_the_container_is_in_by_then()
    {
        var (container, pod) = (Builders.Container(), Builders.Pod());
        _planned.Keep(container, pod, _plan, Root);
        var starting = container with { State = ContainerState.Starting };
        Assert.Same(_plan, _planned.Take(starting, pod)?.Plan);
        Assert.Null(_planned.Take(starting, pod));
    }

    [Fact]
    public void A_plan_is_not_given_when_the_container_or_the_pod_is_another_by_then()
    {
        var (container, pod) = (Builders.Container(), Builders.Pod());
        _planned.Keep(container, pod, _plan, Root);
        Assert.Null(_planned.Take(container with { Config = Builders.Config() with { Tty = true } }, pod));
        _planned.Keep(container, pod, _plan, Root);
        Assert.Null(_planned.Take(container, pod with { NetnsPath = "/run/netns/other" }));
    }

    [Fact]
    public void Those_that_are_never_started_do_not_pile_up()
    {
        var (first, pod) = (Builders.Container("first"), Builders.Pod());
        _planned.Keep(first, pod, _plan, Root);
        for (var i = 0; i < 64; i++)
            _planned.Keep(Builders.Container($"c{i}"), pod, _plan, Root);
        Assert.Null(_planned.Take(first, pod));
    }
}
