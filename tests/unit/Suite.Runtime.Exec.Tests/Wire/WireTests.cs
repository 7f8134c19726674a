using Suite.Linux.Errors;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Tests.Wire;

public sealed class WireTests
{
    [Fact]
    public void A_pod_comes_back_as_it_was_written()
    {
        var pod = new PodPlan
        {
            Id = "p", Directory = "/run/p", CgroupPath = "/suite/p", NetworkNamespace = "/run/netns/p", Hostname = "hö", SharedMemoryBytes = 1 << 20,
            Sysctls = new Dictionary<string, string> { ["kernel.shm_rmid_forced"] = "1" }, SharedPids = true,
            UidMappings = [new() { ContainerID = 1, HostID = 2, Size = 3 }], GidMappings = [new() { ContainerID = 4, HostID = 5, Size = 6 }],
        };
        var writer = new WireWriter(4);
        PodCodec.Write(writer, pod);
        var reader = new WireReader(writer.Written);
        var read = PodCodec.ReadPod(ref reader);
        Assert.True(reader.AtEnd);
        Assert.Equal(pod.Sysctls, read.Sysctls);
        Assert.Equal(pod.UidMappings, read.UidMappings);
        Assert.Equal(pod.GidMappings, read.GidMappings);
        Assert.Equal(pod with { Sysctls = read.Sysctls, UidMappings = read.UidMappings, GidMappings = read.GidMappings }, read);
    }

    [Fact]
    public void A_pod_whose_network_follows_comes_back_as_one()
    {
        var writer = new WireWriter();
        PodCodec.Write(writer, new PodPlan { Id = "p", Directory = "/run/p", CgroupPath = "/suite/p", NetworkFollows = true });
        var reader = new WireReader(writer.Written);
        Assert.True(PodCodec.ReadPod(ref reader).NetworkFollows);
    }

    [Fact]
    public void A_pod_with_the_ipc_of_another_comes_back_as_one()
    {
        var writer = new WireWriter();
        PodCodec.Write(writer, new PodPlan { Id = "p", Directory = "/run/p", CgroupPath = "/suite/p", SharedIpc = new SharedIpc(7, "/run/o/shm") });
        var reader = new WireReader(writer.Written);
        Assert.Equal(new SharedIpc(7, "/run/o/shm"), PodCodec.ReadPod(ref reader).SharedIpc);
        Assert.True(reader.AtEnd);
    }

    [Fact]
    public void A_state_comes_back_with_its_exits()
    {
        var exit = new ExitStatus(137, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), true);
        var state = new ShimState("p", 12, [new("c", ContainerPhase.Exited, 0, exit.FinishedAt, exit, [new("e", 0, exit), new("f", 9, null)])]);
        var writer = new WireWriter();
        PodCodec.Write(writer, state);
        var reader = new WireReader(writer.Written);
        var read = PodCodec.ReadState(ref reader);
        Assert.True(reader.AtEnd);
        var container = Assert.Single(read.Containers);
        Assert.Equal(exit, container.Exit);
        Assert.Equal(state.Containers[0].Execs, container.Execs);
    }

    [Fact]
    public void A_message_cut_anywhere_is_refused_and_never_read_past()
    {
        var plan = ContainerPlan.From(Plans.Specs.Full, Plans.Specs.Options);
        var writer = new WireWriter();
        PlanCodec.Write(writer, plan.Request, plan.Steps);
        var whole = writer.Written.ToArray();
        var complete = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                var reader = new WireReader(whole.AsSpan(0, length));
                PlanCodec.ReadClone(ref reader);
                while (!reader.AtEnd)
                    PlanCodec.ReadStep(ref reader);
                complete++;
            }
            catch (SuiteException failure)
            {
                Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
            }
        }

        // Only between two steps is there nothing missing.
        Assert.Equal(plan.Steps.Length, complete);
    }

    [Fact]
    public void A_count_that_cannot_be_is_refused_before_anything_is_allocated()
    {
        var writer = new WireWriter();
        writer.Int(int.MaxValue);
        var bytes = writer.Written.ToArray();
        Assert.Throws<SuiteException>(() => new WireReader(bytes).Strings());
    }
}
