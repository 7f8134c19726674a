using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using Suite.Hosting;
using Suite.Registry.Access;
using Suite.Registry.Distribution;

namespace Suite.Registry.Measurements;

/// <summary>
/// /metrics in Prometheus' text format, for those who have no collector of OpenTelemetry. Where there are users it is for whoever logged
/// in: counts tell how much a registry is used, and scrapers can send a password.
/// </summary>
internal static class MetricsEndpoint
{
    public static void Add(SuiteHostBuilder host)
    {
        host.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Suite.*")
            .AddMeter("System.Runtime")
            .AddAspNetCoreInstrumentation()
            .AddPrometheusExporter());
        host.Map(routes => routes.MapPrometheusScrapingEndpoint("/metrics").Add(endpoint =>
        {
            var scrape = endpoint.RequestDelegate!;
            var guard = routes.ServiceProvider.GetRequiredService<RequestGuard>();
            var authentication = routes.ServiceProvider.GetRequiredService<Authentication>();
            var access = routes.ServiceProvider.GetRequiredService<AccessCheck>();
            endpoint.RequestDelegate = http => guard.RunAsync(http, async admitted =>
            {
                admitted.Features.Set(await authentication.IdentifyAsync(admitted).ConfigureAwait(false));
                access.DemandLogin(admitted);
                await scrape(admitted).ConfigureAwait(false);
            });
        }));
    }
}
