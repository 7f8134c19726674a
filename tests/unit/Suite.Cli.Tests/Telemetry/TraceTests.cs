using System.Diagnostics;
using Suite.Cli.Tests.Fakes;

namespace Suite.Cli.Tests.Telemetry;

public sealed class TraceTests
{
    [Fact]
    public async Task A_service_is_told_which_call_of_the_CLI_it_works_for()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Suite.Cli",
            ActivityStopped = span => { lock (spans) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(listener);
        await using var machine = await FakeMachine.StartAsync();
        // A name is enough to trace; nobody needs to listen there.
        machine.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";

        Assert.Equal(0, (await machine.RunAsync("ps")).ExitCode);

        lock (spans)
        {
            Assert.Contains(spans, span => span.DisplayName == "suite ps"
                && machine.Containers.TraceParent?.StartsWith($"00-{span.TraceId}-", StringComparison.Ordinal) == true);
        }
    }

    [Fact]
    public async Task Without_a_collector_there_is_no_trace()
    {
        await using var machine = await FakeMachine.StartAsync();

        await machine.RunAsync("ps");

        Assert.Null(machine.Containers.TraceParent);
    }
}
