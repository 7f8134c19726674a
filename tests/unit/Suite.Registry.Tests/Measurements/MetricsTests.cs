using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Suite.Oci.References;

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
}
