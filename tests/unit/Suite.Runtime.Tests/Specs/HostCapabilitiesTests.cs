using Suite.Oci.Runtime;
using Suite.Runtime.Specs;

namespace Suite.Runtime.Tests.Specs;

public sealed class HostCapabilitiesTests
{
    [Fact]
    public void What_the_host_lets_nobody_have_is_left_out()
    {
        // All but CAP_SYS_RESOURCE, which is 24.
        var bounding = HostCapabilities.Bounding("Name:\tx\nCapBnd:\t000001fffeffffff\n");
        var process = new Process { Capabilities = new Capabilities { Bounding = CapabilitySets.All, Effective = ["CAP_CHOWN", "CAP_SYS_RESOURCE"], Ambient = [] } };
        var cut = HostCapabilities.Cut(process, bounding).Capabilities!;
        Assert.Equal(CapabilitySets.All.Except(["CAP_SYS_RESOURCE"]), cut.Bounding);
        Assert.Equal(["CAP_CHOWN"], cut.Effective);
        Assert.Empty(cut.Ambient!);
        Assert.Null(cut.Permitted);
        Assert.Equal(ulong.MaxValue, HostCapabilities.Bounding(""));
    }
}
