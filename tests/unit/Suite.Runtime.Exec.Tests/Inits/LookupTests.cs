using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Inits;

namespace Suite.Runtime.Exec.Tests.Inits;

public sealed class LookupTests
{
    private const string Passwd = "root:x:0:0:root:/root:/bin/sh\nwww:x:33:33::/var/www:/bin/false\n1000:x:7:7::/odd:\n";
    private const string Group = "root:x:0:\nwww:x:33:\nlogs:x:44:www,other\nadm:x:4:www\n";

    [Theory]
    [InlineData("www", 33u, 33u, "44,4", "/var/www")]
    [InlineData("www:logs", 33u, 44u, "", "/var/www")]
    [InlineData("33:5", 33u, 5u, "", "/var/www")]
    [InlineData("4242", 4242u, 0u, "", null)]
    [InlineData("1000", 7u, 7u, "", "/odd")]
    [InlineData(":logs", 0u, 44u, "", "/root")]
    public void A_user_is_found_in_the_containers_own_files(string name, uint uid, uint gid, string groups, string? home)
    {
        var found = UserLookup.Find(name, [], Passwd, Group);
        Assert.Equal((uid, gid, groups, home), (found.Uid, found.Gid, string.Join(',', found.Groups), found.Home));
    }

    [Theory]
    [InlineData("nobody", "find the user \"nobody\"")]
    [InlineData("www:wheel", "find the group \"wheel\"")]
    public void A_name_that_is_not_there_is_named(string name, string beginning)
    {
        var failure = Assert.Throws<SuiteException>(() => UserLookup.Find(name, [], Passwd, Group));
        Assert.StartsWith(beginning, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_without_a_slash_is_looked_for_along_PATH()
    {
        Assert.Equal(["/a/sh", "./sh", "/b/sh"], ExecuteAction.Candidates("sh", ["X=1", "PATH=/a::/b"]));
        Assert.Equal(["./sh"], ExecuteAction.Candidates("./sh", ["PATH=/a"]));
    }

    [Theory]
    [InlineData("/l/1/diff,/l/2/diff", "/l/")]
    [InlineData("/l/1/diff", "/l/1/")]
    [InlineData("/a/x,/b/x", "/")]
    public void Layers_are_named_from_the_directory_they_share(string paths, string common) =>
        Assert.Equal(common, OverlayMount.CommonDirectory(paths.Split(',')));

    [Fact]
    public void A_device_number_is_laid_out_as_the_kernel_has_it()
    {
        Assert.Equal(0x103UL, FileCalls.MakeDevice(1, 3));
        // gnu_dev_makedev(0x1234, 0x56789)
        Assert.Equal(0x1000_5672_3489UL, FileCalls.MakeDevice(0x1234, 0x56789));
    }
}
