using System.Diagnostics;

namespace Suite.Runtime.Telemetry;

/// <summary>One span for each step of a use case that leaves this process, so that a trace shows where the time of a call went.</summary>
internal static class Spans
{
    private static readonly ActivitySource Source = new("Suite.Runtime");

    /// <summary>Null, and free, when nobody listens.</summary>
    public static Activity? Start(string step, string id)
    {
        var activity = Source.StartActivity(step);
        activity?.SetTag("suite.id", id);
        return activity;
    }
}
