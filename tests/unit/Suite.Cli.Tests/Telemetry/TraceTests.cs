using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
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
    public async Task Spans_go_to_the_endpoint_that_is_for_spans_alone()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var called = FirstCallAsync(collector);
        await using var machine = await FakeMachine.StartAsync();
        machine.Environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"http://{collector.LocalEndpoint}";

        Assert.Equal(0, (await machine.RunAsync("ps")).ExitCode);

        await called.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.NotNull(machine.Containers.TraceParent);
    }

    [Fact]
    public async Task Without_a_collector_there_is_no_trace()
    {
        await using var machine = await FakeMachine.StartAsync();

        await machine.RunAsync("ps");

        Assert.Null(machine.Containers.TraceParent);
    }

    /// <summary>Hangs up at once, and on everyone who comes again: an exporter waits for an answer.</summary>
    private static async Task FirstCallAsync(TcpListener collector)
    {
        using var call = await collector.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        collector.Stop();
    }
}
