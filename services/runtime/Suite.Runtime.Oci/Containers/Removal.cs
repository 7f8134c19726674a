namespace Suite.Runtime.Oci.Containers;

/// <summary>The end of a container: all of it goes, then the last hooks hear of it.</summary>
internal static class Removal
{
    public static void Finish(Container container)
    {
        // A create that was cut off may not have come as far as its config.json.
        var hooks = File.Exists(container.Folder.SpecPath) ? ContainerHooks.Of(container) : Exec.Plans.RuntimeHooks.None;
        container.Remove();
        ContainerHooks.Stopped(container, hooks);
    }
}
