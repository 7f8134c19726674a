using Suite.E2e.Tests.Cli;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Telemetry;

/// <summary>Where the time of a command went, seen from outside: one trace, whatever processes the command passed through.</summary>
public sealed class TraceTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    [RootTheory(Needs = Needs)]
    [InlineData(TraceCollector.Endpoint)]
    [InlineData(TraceCollector.TracesEndpoint)]
    public async Task A_run_is_one_trace_from_the_CLI_through_runtime_image_and_network_to_the_registry(string variable)
    {
        await using var collector = new TraceCollector();
        await RunPulledImageAsync(collector.EnvironmentWith(variable));

        var root = Assert.Single(collector.Spans, span => span.Name == "suite run");
        var trace = collector.Spans.Where(span => span.Trace == root.Trace).ToList();
        Assert.Equal(
            ["suite", "suite-image", "suite-network", "suite-registry", "suite-runtime"],
            trace.Select(span => span.Service).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("", root.Parent);
        var orphans = Orphans(trace.Where(span => span != root), trace);
        Assert.True(orphans.Count == 0, $"spans without a parent in the trace:\n  {string.Join("\n  ", orphans)}\nof:\n  {string.Join("\n  ", trace)}");
    }

    /// <summary>Returns after the services ended: each sends what it still holds before it ends.</summary>
    private static async Task RunPulledImageAsync(IReadOnlyDictionary<string, string> environment)
    {
        await using var suite = await SuiteInstance.StartAsync(InstanceName.Of("one trace"), environment);
        var cli = new CliProcess(suite.Run, environment);
        var image = $"{suite.Registry}/busybox";
        await BusyboxInstance.BuildAsync(cli, image);
        _ = (await cli.RunAsync("push", image)).Good;
        _ = (await cli.RunAsync("rmi", image)).Good;

        _ = (await cli.RunAsync("run", "--rm", image, "true")).Good;
    }

    private static List<CollectedSpan> Orphans(IEnumerable<CollectedSpan> spans, List<CollectedSpan> trace)
    {
        var ids = trace.Select(span => span.Id).ToHashSet();
        return [.. spans.Where(span => !ids.Contains(span.Parent))];
    }
}
