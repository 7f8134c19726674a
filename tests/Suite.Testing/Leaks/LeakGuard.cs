using Xunit;

namespace Suite.Testing.Leaks;

/// <summary>
/// Fails a test that leaves something of an instance in the kernel or in /tmp. Make it in the constructor of the test class and dispose it in
/// the class's Dispose: xunit then reports a leak beside the test's own failure instead of in its place.
/// </summary>
public sealed class LeakGuard : IDisposable
{
    // A process that was killed, or a namespace whose last member went, is gone a moment after the call that ended it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly string _instance;
    private readonly SortedSet<string> _before;

    public LeakGuard(string instance)
    {
        _instance = instance;
        _before = Traces.Of(instance);
    }

    /// <summary>What is there now and was not when the guard was made, each as a line that names it. Empty: nothing was left.</summary>
    public IReadOnlyCollection<string> Left()
    {
        var now = Traces.Of(_instance);
        now.ExceptWith(_before);
        return now;
    }

    /// <summary>Waits a moment for what is on its way out, then fails with the names of what is left.</summary>
    public void AssertNothingLeft()
    {
        var started = TimeProvider.System.GetTimestamp();
        var left = Left();
        while (left.Count > 0 && TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            Thread.Sleep(20);
            left = Left();
        }

        Assert.True(left.Count == 0, $"left behind by {_instance}:\n  {string.Join("\n  ", left)}");
    }

    public void Dispose() => AssertNothingLeft();
}
