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
        Assert.Equal(["lowerdir=/s/l/b:/s/l/a", "upperdir=/s/r/k/upper", "workdir=/s/r/k/work", "index=off"], mount.Options);
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
    public void More_than_a_page_of_options_is_refused_before_the_kernel_cuts_it()
    {
        var error = Assert.Throws<SuiteException>(() => OverlayMount.Plan([.. Enumerable.Repeat("/var/lib/suite/image/overlay/l/012345678901", 128)], "/u", "/w"));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
    }
}
