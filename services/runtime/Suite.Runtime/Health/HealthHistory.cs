namespace Suite.Runtime.Health;

/// <summary>What the last runs of a container's check brought.</summary>
internal sealed record HealthHistory(IReadOnlyList<HealthProbe> Probes, uint Failures)
{
    public static readonly HealthHistory None = new([], 0);

    // As many, and as much of each, as Docker keeps.
    private const int Kept = 5;
    private const int LongestOutput = 4096;

    public HealthHistory With(HealthProbe probe, uint failures)
    {
        var cut = probe.Output.Length > LongestOutput ? probe with { Output = probe.Output[..LongestOutput] } : probe;
        return new HealthHistory([.. Probes.TakeLast(Kept - 1), cut], failures);
    }
}
