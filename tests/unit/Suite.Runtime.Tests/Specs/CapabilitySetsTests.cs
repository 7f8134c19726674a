using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Specs;

namespace Suite.Runtime.Tests.Specs;

public sealed class CapabilitySetsTests
{
    [Fact]
    public void A_container_has_dockers_fourteen_by_default()
    {
        Assert.Equal(14, CapabilitySets.Default.Count);
        Assert.Equal(CapabilitySets.Default.Order(), CapabilitySets.Of(ContainerSecurity.Default).Order());
    }

    [Fact]
    public void The_kernel_knows_forty_one() => Assert.Equal(41, CapabilitySets.All.Count);

    [Fact]
    public void Dropping_all_leaves_what_is_added_by_name() =>
        Assert.Equal(["CAP_CHOWN"], CapabilitySets.Of(new ContainerSecurity { AddCapabilities = ["chown"], DropCapabilities = ["ALL"] }));

    [Fact]
    public void Adding_all_lacks_what_is_dropped_by_name() =>
        Assert.Equal(CapabilitySets.All.Where(name => name != "CAP_NET_RAW"), CapabilitySets.Of(new ContainerSecurity { AddCapabilities = ["ALL"], DropCapabilities = ["CAP_NET_RAW"] }));

    [Fact]
    public void Privileged_has_all_whatever_is_dropped() =>
        Assert.Equal(CapabilitySets.All, CapabilitySets.Of(new ContainerSecurity { Privileged = true, DropCapabilities = ["ALL"] }));

    [Fact]
    public void An_unknown_name_is_the_callers_error() =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => CapabilitySets.Of(new ContainerSecurity { AddCapabilities = ["FLY"] })).Kind);
}
