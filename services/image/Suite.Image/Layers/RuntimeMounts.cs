namespace Suite.Image.Layers;

/// <summary>What runtimes mount in every container: no layer has the empty files that they are mounted on.</summary>
internal static class RuntimeMounts
{
    public static IReadOnlyList<string> Paths { get; } = ["proc", "sys", "dev", "etc/hosts", "etc/hostname", "etc/resolv.conf"];
}
