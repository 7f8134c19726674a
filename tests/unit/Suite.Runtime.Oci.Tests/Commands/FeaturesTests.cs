using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Oci.Commands;

namespace Suite.Runtime.Oci.Tests.Commands;

public sealed class FeaturesTests
{
    [Fact]
    public void The_mount_options_that_are_claimed_are_read_and_not_handed_on()
    {
        foreach (var name in FeaturesCommand.Built.MountOptions)
            Assert.DoesNotContain(MountOptions.Parse([name], "mounts[0]", out _, out _).Data, option => option != MountOptions.CopyUp);
    }
}
