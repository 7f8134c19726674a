namespace Suite.Runtime.Statistics;

/// <summary>What is remembered between two looks at a container or pod, and goes with it.</summary>
internal sealed class UsageHistory(CpuRates rates, WritableLayers layers)
{
    public void Forget(string id)
    {
        rates.Forget(id);
        layers.Forget(id);
    }
}
