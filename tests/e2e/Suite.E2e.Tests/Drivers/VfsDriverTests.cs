using Suite.E2e.Tests.Cli;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Drivers;

/// <summary>The services on the driver vfs: images of several layers, containers on whole trees of their own.</summary>
public sealed class VfsDriverTests
{
    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public async Task Containers_run_on_vfs_and_an_image_goes_through_the_registry()
    {
        await using var suite = await SuiteInstance.StartAsync("e2evfs", new Dictionary<string, string> { ["SUITE_IMAGE_graphDriver"] = "vfs" });
        await DriverTour.TakeAsync(suite, "vfs");
        Assert.False(Directory.Exists(Path.Combine(suite.Root, "image", "overlay")));
    }
}
