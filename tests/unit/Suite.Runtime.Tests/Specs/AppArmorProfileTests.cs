using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Specs;
using Suite.Testing.Files;

namespace Suite.Runtime.Tests.Specs;

public sealed class AppArmorProfileTests
{
    private const string List = "/usr/sbin/cups (enforce)\nmy (odd) one (complain)\nkube-nginx (enforce)\n";

    [Theory]
    [InlineData("kube-nginx", true)]
    [InlineData("/usr/sbin/cups", true)]
    [InlineData("kube-ngin", false)]
    [InlineData("kube-nginx-2", false)]
    [InlineData("unconfined", true)]
    // The kernel knows at the start.
    [InlineData(":other:kube-nginx", true)]
    [InlineData("kube-nginx//&second", true)]
    public void A_profile_is_one_that_the_kernel_has_loaded(string name, bool loaded)
    {
        using var folder = new TempFolder();
        var list = folder.File("profiles", List);
        if (loaded)
        {
            AppArmorProfiles.Check(Confined(name), list);
            return;
        }

        var error = Assert.Throws<SuiteException>(() => AppArmorProfiles.Check(Confined(name), list));
        Assert.Equal(ErrorKind.FailedPrecondition, error.Kind);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_where_no_profile_counts_or_no_list_can_be_read()
    {
        using var folder = new TempFolder();
        var list = folder.File("profiles", List);
        AppArmorProfiles.Check(Confined("missing") with { Privileged = true }, list);
        AppArmorProfiles.Check(ContainerSecurity.Default, list);
        AppArmorProfiles.Check(Confined("missing"), folder.Path("no-such-file"));
    }

    private static ContainerSecurity Confined(string name) => new() { AppArmor = new ProfileChoice(ProfileKind.Localhost, name) };
}
