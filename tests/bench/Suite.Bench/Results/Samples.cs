namespace Suite.Bench.Results;

/// <summary>How long one operation took, each time it was measured.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public void Add(double milliseconds)
    {
        lock (_milliseconds)
            _milliseconds.Add(milliseconds);
    }

    public double P50 => Percentile(50);

    public double P95 => Percentile(95);

    /// <summary>Operations a second if they follow one another.</summary>
    public double PerSecond => 1000 / _milliseconds.Average();

    // Nearest rank: always a value that was measured.
    private double Percentile(int percent)
    {
        var sorted = _milliseconds.Order().ToList();
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)];
    }
}
