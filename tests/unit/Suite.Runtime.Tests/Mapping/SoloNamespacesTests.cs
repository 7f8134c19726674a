using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Mapping;

namespace Suite.Runtime.Tests.Mapping;

public sealed class SoloNamespacesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("private", "")]
    [InlineData("host", "host")]
    [InlineData("container:web", "container:web")]
    public void Processes_are_ones_own_or_others(string asked, string kept) =>
        Assert.Equal(kept, new ContainerSpec { Image = "i", PidMode = asked }.ToDomain().ToMessage().PidMode);

    [Theory]
    [InlineData("", "")]
    [InlineData("private", "")]
    [InlineData("shareable", "shareable")]
    [InlineData("none", "none")]
    [InlineData("host", "host")]
    [InlineData("container:web", "container:web")]
    public void Ipc_is_ones_own_or_others(string asked, string kept) =>
        Assert.Equal(kept, new ContainerSpec { Image = "i", IpcMode = asked }.ToDomain().ToMessage().IpcMode);

    [Theory]
    [InlineData("container:", "", "", false, "spec.pid_mode")]
    [InlineData("shareable", "", "", false, "spec.pid_mode")]
    [InlineData("", "container:", "", false, "spec.ipc_mode")]
    [InlineData("", "pod", "", false, "spec.ipc_mode")]
    [InlineData("container:web", "", "", true, "spec.init")]
    [InlineData("container:web", "", "private", false, "spec.user_mode")]
    [InlineData("", "container:web", "private", false, "spec.user_mode")]
    public void What_does_not_go_together_is_refused(string pids, string ipc, string users, bool init, string field)
    {
        var error = Assert.Throws<SuiteException>(() => new ContainerSpec { Image = "i", PidMode = pids, IpcMode = ipc, UserMode = users, Init = init }.ToDomain());
        Assert.StartsWith(field, error.Message, StringComparison.Ordinal);
    }
}
