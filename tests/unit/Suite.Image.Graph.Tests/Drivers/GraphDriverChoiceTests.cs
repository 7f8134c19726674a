using Suite.Image.Graph.DeviceMapper;
using Suite.Image.Graph.Drivers;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Image.Graph.Tests.Drivers;

public sealed class GraphDriverChoiceTests : IDisposable
{
    private readonly TempFolder _state = new("graph-choice");

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("overlay", "overlay")]
    [InlineData("overlay2", "overlay")]
    [InlineData("vfs", "vfs")]
    public void A_driver_is_opened_by_its_name(string name, string driver) => Assert.Equal(driver, Open(name).Name);

    [Fact]
    public void Aufs_is_refused_by_a_sentence_that_names_overlay()
    {
        var error = Assert.Throws<SuiteException>(() => Open("aufs"));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("gone", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"overlay\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_name_is_refused_with_those_that_there_are()
    {
        var error = Assert.Throws<SuiteException>(() => Open("zfs"));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains("overlay, devicemapper and vfs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_one_driver_are_not_opened_with_another()
    {
        Open("vfs");
        Open("vfs");
        Assert.Contains("vfs", Assert.Throws<SuiteException>(() => Open("overlay")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_from_before_the_choice_is_overlays()
    {
        _state.Folder("overlay");
        Assert.Equal(ErrorKind.FailedPrecondition, Assert.Throws<SuiteException>(() => Open("vfs")).Kind);
        Open("overlay");
    }

    private IGraphDriver Open(string name) => GraphDriverChoice.Open(name, _state.FullName, new DeviceMapperOptions(), TimeProvider.System);
}
