using Suite.E2e.Tests.Drivers;
using Suite.Image.Graph.DeviceMapper;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Vm.Tests.Graph;

/// <summary>The services as users start them, on the driver devicemapper: each container's root is a block device.</summary>
public sealed class ContainersOnDevicesTests
{
    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public async Task Containers_run_on_devicemapper_and_an_image_goes_through_the_registry()
    {
        var settings = new Dictionary<string, string>
        {
            ["SUITE_IMAGE_graphDriver"] = "devicemapper",
            ["SUITE_IMAGE_deviceMapper__loopDataBytes"] = $"{256L << 20}",
            ["SUITE_IMAGE_deviceMapper__loopMetadataBytes"] = $"{16L << 20}",
            ["SUITE_IMAGE_deviceMapper__baseBytes"] = $"{96L << 20}",
        };
        string root;
        await using (var suite = await SuiteInstance.StartAsync("vmdm", settings))
        {
            root = Path.Combine(suite.Root, "image", "devicemapper");
            await DriverTour.TakeAsync(suite, "devicemapper");
            await ImageVolumeTour.TakeAsync(suite);
            // What the service leaves in the kernel when it ends is there for the next start; here there is none.
            using var driver = new DeviceMapperDriver(root, Pools.Small with { BaseBytes = 96L << 20 }, TimeProvider.System);
            Assert.Contains(("Backing Filesystem", "ext4"), driver.Figures());
            driver.Deactivate();
        }
    }
}
