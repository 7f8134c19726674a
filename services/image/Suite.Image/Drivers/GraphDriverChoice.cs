using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Overlay;
using Suite.Image.Graph.Vfs;
using Suite.Linux.Errors;

namespace Suite.Image.Drivers;

/// <summary>The driver that the configuration names, in a folder of its own name.</summary>
internal static class GraphDriverChoice
{
    /// <param name="state">The service's folder.</param>
    public static IGraphDriver Make(string name, string state)
    {
        Claim(name, state);
        return name switch
        {
            "overlay" => new OverlayDriver(Path.Combine(state, "overlay")),
            "vfs" => new VfsDriver(Path.Combine(state, "vfs")),
            "aufs" => throw Wrong("AUFS is gone from Linux, and its place was taken by overlay: write \"graphDriver\": \"overlay\" in image.json."),
            _ => throw Wrong($"There is no graph driver '{name}': \"graphDriver\" in image.json is overlay or vfs."),
        };
    }

    /// <summary>Layers of one driver mean nothing to another. Which one a folder belongs to is written into it.</summary>
    private static void Claim(string name, string state)
    {
        var mark = Path.Combine(state, "graph-driver");
        var before = File.Exists(mark) ? File.ReadAllText(mark).Trim() : Directory.Exists(Path.Combine(state, "overlay")) ? "overlay" : name;
        if (before != name)
            throw Wrong($"The images in {state} were unpacked by the graph driver {before} and cannot be used by {name}: choose {before} in image.json, or another --root.");
        if (name is "overlay" or "vfs") File.WriteAllText(mark, name + "\n");
    }

    private static SuiteException Wrong(string sentence) => new(ErrorKind.FailedPrecondition, sentence);
}
