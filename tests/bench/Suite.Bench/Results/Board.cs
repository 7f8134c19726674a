using System.Diagnostics;

namespace Suite.Bench.Results;

/// <summary>Everything that was measured, by operation and by runtime.</summary>
internal sealed class Board
{
    private readonly Dictionary<(string Operation, string Runtime), Samples> _times = [];
    private readonly Dictionary<(string Operation, string Runtime), double> _values = [];
    private readonly List<(string Operation, string Unit)> _order = [];

    /// <summary>Operations in the order of first measurement, with their unit.</summary>
    public IReadOnlyList<(string Operation, string Unit)> Operations => _order;

    /// <summary>Runs an operation and notes how long it took.</summary>
    public async Task<T> TimeAsync<T>(string operation, string runtime, Func<Task<T>> run)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await run();
        AddTime(operation, runtime, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return result;
    }

    public void AddTime(string operation, string runtime, double milliseconds)
    {
        Samples samples;
        lock (_times)
        {
            Remember(operation, "ms");
            if (!_times.TryGetValue((operation, runtime), out samples!))
                _times[(operation, runtime)] = samples = new Samples();
        }

        samples.Add(milliseconds);
    }

    /// <summary>Notes a number that is measured once: memory, throughput.</summary>
    public void SetValue(string operation, string runtime, double value, string unit)
    {
        Remember(operation, unit);
        _values[(operation, runtime)] = value;
    }

    public Samples? Times(string operation, string runtime) => _times.GetValueOrDefault((operation, runtime));

    public double? Value(string operation, string runtime) => _values.TryGetValue((operation, runtime), out var value) ? value : null;

    private void Remember(string operation, string unit)
    {
        if (!_order.Contains((operation, unit)))
            _order.Add((operation, unit));
    }
}
