using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Users;

namespace Suite.Runtime.Tests.Users;

public sealed class UserResolutionTests
{
    private static readonly AccountFiles Files = new(
        "root:x:0:0:root:/root:/bin/sh\nbroken\nwww:x:33:33:www:/var/www:/bin/false\nalice:x:1000:1000::/home/alice:/bin/sh\n",
        "root:x:0:\nwww:x:33:\nwheel:x:10:root,alice\nsecret:x:50000:alice\n");

    [Theory]
    [InlineData("", 0, 0, "/root", new uint[] { 0, 10 })]
    [InlineData("alice", 1000, 1000, "/home/alice", new uint[] { 10, 1000, 50000 })]
    [InlineData("1000", 1000, 1000, "/home/alice", new uint[] { 10, 1000, 50000 })]
    [InlineData("33:wheel", 33, 10, "/var/www", new uint[] { 10 })]
    [InlineData("4711", 4711, 0, "/", new uint[] { 0 })]
    [InlineData("4711:12", 4711, 12, "/", new uint[] { 12 })]
    public void A_user_is_found_by_name_and_number(string user, uint uid, uint gid, string home, uint[] groups)
    {
        var found = UserResolution.Resolve(user, ContainerSecurity.Default, Files);
        Assert.Equal((uid, gid, home), (found.Ids.Uid, found.Ids.Gid, found.Home));
        Assert.Equal(groups, found.Ids.Groups);
    }

    // The expectations of CRI's own conformance tests.
    [Theory]
    [InlineData(false, new uint[] { 10, 1000, 1234, 50000 })]
    [InlineData(true, new uint[] { 1000, 1234 })]
    public void Strict_leaves_the_images_groups_out(bool strict, uint[] groups)
    {
        var security = new ContainerSecurity { Group = 1000, SupplementalGroups = [1234], StrictGroups = strict };
        Assert.Equal(groups, UserResolution.Resolve("1000", security, Files).Ids.Groups);
    }

    [Fact]
    public void Groups_can_be_asked_for_by_their_names_in_the_image()
    {
        Assert.Equal([0u, 10, 33], UserResolution.Resolve("", new ContainerSecurity { GroupNames = ["www", "wheel"] }, Files).Ids.Groups);
        Assert.Contains("group staff", Assert.Throws<SuiteException>(() => UserResolution.Resolve("", new ContainerSecurity { GroupNames = ["staff"] }, Files)).Message);
    }

    [Theory]
    [InlineData("nobody-here")]
    [InlineData("root:nogroup-here")]
    [InlineData("4294967295")]
    public void An_unknown_name_is_the_callers_error(string user) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => UserResolution.Resolve(user, ContainerSecurity.Default, Files)).Kind);
}
