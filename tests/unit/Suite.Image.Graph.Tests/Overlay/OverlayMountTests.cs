using Suite.Image.Graph.Overlay;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tests.Overlay;

public sealed class OverlayMountTests
{
    [Fact]
    public void The_plan_has_the_topmost_layer_first()
    {
        var mount = OverlayMount.Plan(["/s/l/b", "/s/l/a"], "/s/r/k/upper", "/s/r/k/work");
        Assert.Equal(("overlay", "overlay"), (mount.Type, mount.Source));
        Assert.Equal(["lowerdir=/s/l/b:/s/l/a", "upperdir=/s/r/k/upper", "workdir=/s/r/k/work", "index=off", "redirect_dir=off", "metacopy=off"], mount.Options);
    }

    [Theory]
    [InlineData("/s:t/l")]
    [InlineData("/s,t/l")]
    [InlineData("/s\\t/l")]
    public void A_path_that_would_be_read_as_an_option_is_refused(string path)
    {
        var error = Assert.Throws<SuiteException>(() => OverlayMount.Plan([path], "/u", "/w"));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
    }

    [Fact]
    public void A_hundred_and_thirty_layers_are_planned_though_they_do_not_fit_into_a_page() =>
        Assert.Equal(130, OverlayMount.Plan(Layers(130), "/u", "/w").Options[0].Split(':').Length);

    [Fact]
    public void More_layers_than_overlayfs_stacks_are_refused()
    {
        OverlayMount.Plan(Layers(500), "/u", "/w");
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<SuiteException>(() => OverlayMount.Plan(Layers(501), "/u", "/w")).Kind);
    }

    private static string[] Layers(int count) => [.. Enumerable.Repeat("/var/lib/suite/image/overlay/l/012345678901", count)];
}
