using Suite.Image.Graph.DeviceMapper;
using Suite.Image.Graph.Overlay;
using Suite.Image.Graph.Vfs;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Drivers;

/// <summary>Opens the driver that a configuration names.</summary>
internal static class GraphDriverChoice
{
    /// <param name="state">The service's folder; the driver's own is in it, by the driver's name.</param>
    /// <exception cref="SuiteException">There is no such driver, or the folder has images of another one.</exception>
    public static IGraphDriver Open(string name, string state, DeviceMapperOptions deviceMapper, TimeProvider time)
    {
        // Docker's name of it.
        var driver = name == "overlay2" ? "overlay" : name;
        if (driver == "aufs")
            throw new SuiteException(
                ErrorKind.Unsupported, "The graph driver aufs is gone: AUFS was never part of Linux, and distributions have dropped it. Its whiteouts are what every image's layers use, and \"overlay\" mounts them: set graphDriver to that.");
        if (driver is not ("overlay" or "vfs" or "devicemapper"))
            throw new SuiteException(ErrorKind.InvalidArgument, $"graphDriver is '{name}', which is no driver: overlay, devicemapper and vfs are.");

        CheckMark(Path.Combine(state, "graph-driver"), state, driver);
        var root = Path.Combine(state, driver);
        return driver switch
        {
            "overlay" => new OverlayDriver(root),
            "vfs" => new VfsDriver(root),
            _ => new DeviceMapperDriver(root, deviceMapper, time),
        };
    }

    /// <summary>The database names layers of one driver: with another all of its images would be broken.</summary>
    private static void CheckMark(string mark, string state, string driver)
    {
        var known = File.Exists(mark) ? File.ReadAllText(mark).Trim() : Directory.Exists(Path.Combine(state, "overlay")) ? "overlay" : driver;
        if (known != driver)
            throw new SuiteException(
                ErrorKind.FailedPrecondition, $"The images in {state} are kept by the graph driver {known}, and graphDriver is {driver}: set it back, or give the service another root folder.");
        if (!File.Exists(mark)) File.WriteAllText(mark, driver + "\n");
    }
}
