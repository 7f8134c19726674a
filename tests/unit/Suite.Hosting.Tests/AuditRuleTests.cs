using Suite.Hosting.Audit;

namespace Suite.Hosting.Tests;

public sealed class AuditRuleTests
{
    [Theory]
    [InlineData("/runtime.v1.RuntimeService/RunPodSandbox", true)]
    [InlineData("/runtime.v1.RuntimeService/ExecSync", true)]
    [InlineData("/runtime.v1.RuntimeService/UpdateRuntimeConfig", true)]
    [InlineData("/runtime.v1.ImageService/PullImage", true)]
    [InlineData("/suite.registry.v1.Registry/DeleteManifest", true)]
    [InlineData("/runtime.v1.RuntimeService/ContainerStatus", false)]
    [InlineData("/runtime.v1.RuntimeService/PodSandboxStats", false)]
    [InlineData("/runtime.v1.RuntimeService/ListContainers", false)]
    [InlineData("/runtime.v1.RuntimeService/GetContainerEvents", false)]
    [InlineData("/runtime.v1.RuntimeService/Version", false)]
    [InlineData("/runtime.v1.RuntimeService/RuntimeConfig", false)]
    [InlineData("/runtime.v1.ImageService/ImageFsInfo", false)]
    [InlineData("/grpc.health.v1.Health/Check", false)]
    public void Calls_that_change_something_are_audited(string method, bool changes) => Assert.Equal(changes, AuditRule.Changes(method));
}
