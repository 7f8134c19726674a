namespace Suite.Image.Graph.Drivers;

/// <summary>How a root file system is mounted, in the terms of mount(2): type, source and the options as separate words.</summary>
internal sealed record RootfsMount(string Type, string Source, IReadOnlyList<string> Options);
