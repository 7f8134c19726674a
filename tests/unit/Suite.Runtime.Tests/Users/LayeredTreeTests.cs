using Suite.Runtime.Users;

namespace Suite.Runtime.Tests.Users;

public sealed class LayeredTreeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("suite-layers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_topmost_file_wins()
    {
        Write("low/etc/passwd", "low");
        Write("high/etc/passwd", "high");
        Assert.Equal("high", Tree().ReadText("etc/passwd"));
    }

    [Fact]
    public void A_file_below_shows_through_a_directory_above()
    {
        Write("low/etc/passwd", "low");
        Write("high/etc/group", "g");
        Assert.Equal("low", Tree().ReadText("etc/passwd"));
    }

    [Fact]
    public void A_file_hides_a_directory_of_its_name()
    {
        Write("low/etc/passwd", "low");
        Write("high/etc", "");
        Assert.Equal("", Tree().ReadText("etc/passwd"));
    }

    [Fact]
    public void A_link_is_followed_inside_the_image_across_layers()
    {
        Write("low/data/accounts", "linked");
        Directory.CreateDirectory(Place("high/etc"));
        File.CreateSymbolicLink(Place("high/etc/passwd"), "/data/accounts");
        Assert.Equal("linked", Tree().ReadText("etc/passwd"));
    }

    [Fact]
    public void A_link_that_climbs_stays_in_the_image()
    {
        Directory.CreateDirectory(Place("high/etc"));
        File.CreateSymbolicLink(Place("high/etc/passwd"), "../../../../../../../etc/passwd");
        Assert.Equal("", Tree().ReadText("etc/passwd"));
        File.CreateSymbolicLink(Place("high/etc/shadow"), "/etc/shadow");
        Assert.Equal("", Tree().ReadText("etc/shadow"));
    }

    [Fact]
    public void A_loop_of_links_ends()
    {
        Directory.CreateDirectory(Place("high/etc"));
        File.CreateSymbolicLink(Place("high/etc/passwd"), "passwd");
        Assert.Equal("", Tree().ReadText("etc/passwd"));
    }

    [Fact]
    public void A_directory_link_in_a_higher_layer_replaces_the_directory()
    {
        Write("low/etc/passwd", "hidden");
        Write("low/usr/etc/passwd", "shown");
        Directory.CreateDirectory(Place("high"));
        File.CreateSymbolicLink(Place("high/etc"), "usr/etc");
        Assert.Equal("shown", Tree().ReadText("etc/passwd"));
    }

    [Fact]
    public void A_directory_is_all_its_shares_that_are_seen()
    {
        Write("low/data/sub/a", "");
        Write("high/data/sub/b", "");
        Assert.Equal([Place("high/data/sub"), Place("low/data/sub")], Tree().Find("data/sub"));
        Assert.Equal([Place("low/data/sub/a")], Tree().Find("/data/sub/a"));
        Assert.Equal([Place("high"), Place("low")], Tree().Find(""));
        Assert.Empty(Tree().Find("data/none"));
        File.CreateSymbolicLink(Place("high/link"), "data/sub");
        Assert.Equal([Place("high/data/sub"), Place("low/data/sub")], Tree().Find("link"));
    }

    private LayeredTree Tree() => new([Place("high"), Place("low")]);

    private string Place(string path) => Path.Combine(_folder, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place(path))!);
        File.WriteAllText(Place(path), text);
    }
}
