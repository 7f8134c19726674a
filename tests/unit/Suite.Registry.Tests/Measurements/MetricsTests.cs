using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Suite.Oci.References;
using Suite.Registry.Tests.Access;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Measurements;

public sealed class MetricsTests
{
    [Fact]
    public async Task What_comes_and_goes_is_counted()
    {
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Meter.Name == "Suite.Registry")
                it.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counted.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        await using var registry = await RunningRegistry.StartAsync();
        var content = new byte[123_457];
        await registry.PushBlobAsync("app", content);
        using var pulled = await registry.SendAsync(HttpMethod.Get, $"/v2/app/blobs/{Digest.Compute(content)}");
        Assert.Equal(HttpStatusCode.OK, pulled.StatusCode);
        // Other registries of this process count into the same names.
        Assert.True(counted["suite.registry.blob.received"] >= content.Length);
        Assert.True(counted["suite.registry.blob.sent"] >= content.Length);
    }

    [Fact]
    public async Task Prometheus_finds_figures_where_it_is_wanted()
    {
        await using var registry = await RunningRegistry.StartAsync("metrics=true");
        await registry.PushBlobAsync("app", new byte[4321]);
        using var response = await registry.SendAsync(HttpMethod.Get, "/metrics");
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Matches(@"(?m)^suite_registry_blob_received_bytes_total\S* [1-9]", text);
        Assert.Matches("(?m)^http_server_request_duration_seconds_count", text);

        await using var silent = await RunningRegistry.StartAsync();
        using var none = await silent.SendAsync(HttpMethod.Get, "/metrics");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Where_there_are_users_figures_are_for_those_who_log_in()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await RunningRegistry.StartAsync("metrics=true", "access:users=" + Users.File(folder, "ann"));
        using var refused = await registry.SendAsync(HttpMethod.Get, "/metrics");
        await refused.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        registry.LogIn("ann");
        using var response = await registry.SendAsync(HttpMethod.Get, "/metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
