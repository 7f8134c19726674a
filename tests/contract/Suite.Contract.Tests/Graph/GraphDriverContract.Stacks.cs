using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Testing.Requirements;

namespace Suite.Contract.Tests.Graph;

/// <summary>How layers hide, replace and merge (image-spec layer.md, "Applying Changesets").</summary>
public abstract partial class GraphDriverContract
{
    [RootFact]
    public void Upper_layers_hide_replace_and_empty_what_lower_ones_have()
    {
        Layer("1", ("keep", "1"), ("gone", "1"), ("replaced", "1"), ("dir/a", "1"), ("dir/b", "1"), ("opaque/old", "1"), ("tree/x/y", "1"), ("file", "1"));
        Layer("2", (".wh.gone", ""), ("replaced", "2"), ("dir/.wh.a", ""), ("opaque/.wh..wh..opq", ""), ("opaque/new", "2"), (".wh.tree", ""), ("file/now", "2"));
        using var root = Mount("k");
        Assert.Equal(["/dir/b", "/file/now", "/keep", "/opaque/new", "/replaced"], root.Leaves());
        Assert.Equal("2", root.Read("/replaced"));
    }

    [RootFact]
    public void A_name_deleted_and_made_again_in_one_layer_shows_only_the_new()
    {
        Layer("1", ("d/old", "1"), ("e/old", "1"), ("deep/a/old", "1"), ("deep/a/b/old", "1"));
        Layer("2", (".wh.d", ""), ("d/new", "2"), ("e/new", "2"), (".wh.e", ""), ("d/.wh.old", ""), ("deep/a/b/new", "2"), (".wh.deep", ""));
        using var root = Mount("k");
        Assert.Equal(["/d/new", "/deep/a/b/new", "/e/new"], root.Leaves());
    }

    [RootFact]
    public void An_opaque_marker_after_its_siblings_spares_them()
    {
        Layer("1", ("d/old", "1"), ("d/sub/old", "1"), ("d/both", "1"));
        Layer("2", ("d/new", "2"), ("d/both", "2"), ("d/sub/new", "2"), ("d/.wh..wh..opq", ""));
        using var root = Mount("k");
        Assert.Equal(["/d/both", "/d/new", "/d/sub/new"], root.Leaves());
        Assert.Equal("2", root.Read("/d/both"));
    }

    [RootFact]
    public void A_whiteout_speaks_of_lower_layers_only()
    {
        Layer("1", ("f", "1"));
        Layer("2", ("f", "2"), (".wh.f", ""), ("g", "2"), (".wh.g", ""), (".wh.never", ""), ("no/where/.wh.x", ""));
        using var root = Mount("k");
        Assert.Equal("2", root.Read("/f"));
        Assert.Equal("2", root.Read("/g"));
    }

    [RootFact]
    public void A_deleted_name_may_come_back_in_a_later_layer()
    {
        Layer("1", ("d/old", "1"));
        Layer("2", (".wh.d", ""));
        Layer("3", ("d/new", "3"));
        using var root = Mount("k");
        Assert.Equal(["/d/new"], root.Leaves());
    }

    [RootFact]
    public void Types_replace_each_other()
    {
        Layer("1", Archives.File("f"), Archives.Directory("d"), Archives.File("d/x"), Archives.Link("l", "d"), Archives.Link("dangling", "nowhere"));
        Layer("2", Archives.Directory("f"), Archives.File("f/x"), Archives.Link("d", "f"), Archives.File("l"), Archives.Directory("dangling"));
        using var root = Mount("k");
        Assert.Equal(["/d", "/dangling", "/f/x", "/l"], root.Leaves());
        Assert.Equal("f", new FileInfo(root.Path + "/d").LinkTarget);
    }

    [RootFact]
    public void A_link_of_a_lower_layer_is_replaced_by_a_directory_and_not_followed()
    {
        Layer("1", Archives.Directory("real"), Archives.File("real/x"), Archives.Link("l", "real"));
        Layer("2", ("l/new", "2"));
        using var root = Mount("k");
        Assert.Equal(["/l/new", "/real/x"], root.Leaves());
    }

    [RootFact]
    public void A_directory_over_a_directory_merges_and_its_attributes_win()
    {
        var lower = Archives.Directory("d", 0x1C0, user: 7);
        lower.Xattrs.Add(("user.old"u8.ToArray(), "1"u8.ToArray()));
        Layer("1", lower, Archives.File("d/a"));
        Layer("2", Archives.Directory("d", 0x1ED, user: 9), Archives.File("d/b"));
        using var root = Mount("k");
        Assert.Equal(["/d/a", "/d/b"], root.Leaves());
        Assert.Equal("40755 9 0", root.Stat("/d"));
        Assert.DoesNotContain("user.old", string.Join('\n', TreeText.Of(root.Path)), StringComparison.Ordinal);
    }

    [RootFact]
    public void A_parent_that_the_archive_leaves_out_keeps_its_attributes()
    {
        var told = Archives.Directory("home", 0x1C0, user: 1000);
        told.Xattrs.Add(("user.kept"u8.ToArray(), "yes"u8.ToArray()));
        Layer("1", told, Archives.Directory("home/deep", 0x3FF, user: 5));
        Layer("2", ("home/deep/new", "2"), ("other/new", "2"));
        Layer("3", ("home/third", "3"));
        using var root = Mount("k");
        Assert.Equal(["/home/deep/new", "/home/third", "/other/new"], root.Leaves());
        Assert.Equal("40700 1000 0", root.Stat("/home"));
        Assert.Equal("41777 5 0", root.Stat("/home/deep"));
        Assert.Equal("40755 0 0", root.Stat("/other"));
        Assert.Contains("user.kept=796573", TreeText.Of(root.Path)[0], StringComparison.Ordinal);
        Assert.Empty(Changes("k"));
    }

    [RootFact]
    public void A_parent_left_out_of_a_layer_that_deletes_it_is_a_new_one()
    {
        Layer("1", Archives.Directory("d", 0x1C0, user: 7), Archives.File("d/old"));
        Layer("2", (".wh.d", ""), ("d/new", "2"));
        using var root = Mount("k");
        Assert.Equal("40755 0 0", root.Stat("/d"));
    }

    [RootFact]
    public void A_directory_emptied_by_a_marker_keeps_its_attributes()
    {
        Layer("1", Archives.Directory("d", 0x1C0, user: 7), Archives.Directory("d/sub", 0x1C0, user: 7), Archives.File("d/old"));
        Layer("2", ("d/.wh..wh..opq", ""), ("d/sub/new", "2"));
        using var root = Mount("k");
        Assert.Equal("40700 7 0", root.Stat("/d"));
        Assert.Equal("40755 0 0", root.Stat("/d/sub"));
        Assert.Equal(["/d/sub/new"], root.Leaves());
    }

    [RootFact]
    public void A_marker_in_the_root_hides_all_layers_below()
    {
        Layer("1", Archives.Directory("d", 0x1C0, user: 7), Archives.File("d/old"), Archives.File("f"));
        Layer("2", ("g", "2"), (".wh..wh..opq", ""), ("d/new", "2"));
        using var root = Mount("k");
        Assert.Equal(["/d/new", "/g"], root.Leaves());
        Assert.Equal("40755 0 0", root.Stat("/d"));
    }

    [RootFact]
    public void A_whiteout_of_what_no_layer_has_is_not_listed()
    {
        Layer("1", ("d/f", "1"), ("d/.wh.never", ""));
        Layer("2", ("e/.wh.never", ""), ("d/sub/.wh.never", ""));
        using var root = Mount("k");
        Assert.Equal(["/d/f", "/d/sub", "/e"], root.Leaves());
    }

    [RootFact]
    public void An_image_without_layers_is_an_empty_root()
    {
        using var root = Mount("k");
        Assert.Empty(root.Leaves());
        root.Write("/f", "x");
    }

    [RootFact]
    public void Many_layers_are_one_root()
    {
        for (var i = 0; i < ManyLayers; i++) Layer($"{i:x12}", ($"f{i}", "x"), ("last", $"{i}"));
        using var root = Mount("k");
        Assert.Equal(ManyLayers + 1, root.Leaves().Count);
        Assert.Equal($"{ManyLayers - 1}", root.Read("/last"));
        root.Write("/last", "mine");
    }

    [RootFact]
    public void A_view_looks_into_the_stack_without_a_mount()
    {
        Layer("1", Archives.Directory("bin"), Archives.File("bin/sh"), Archives.Link("sbin", "/bin"), Archives.Link("bin/up", "../etc"), Archives.File("gone"));
        Layer("2", (".wh.gone", ""), ("etc/conf", "2"));
        var view = Driver.View(_stack);
        Assert.Equal("/bin/sh", view.Resolve("/sbin/sh").Path);
        Assert.Equal(1u, view.Resolve("/sbin/sh").Status?.Links);
        Assert.Equal("/etc/conf", view.Resolve("bin/up/conf").Path);
        Assert.NotNull(view.Resolve("bin/up/conf").Status);
        Assert.Null(view.Resolve("/gone").Status);
        Assert.Equal("/etc/conf", view.Resolve("/../../etc/conf").Path);
        Assert.True(view.Resolve("/").Status?.IsDirectory);
    }
}
