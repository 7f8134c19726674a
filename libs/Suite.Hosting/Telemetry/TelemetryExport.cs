using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Suite.Hosting.Telemetry;

/// <summary>
/// OpenTelemetry by the standard OTEL_* variables (opentelemetry.io, "Environment Variable Specification"). Without an endpoint nothing is
/// added: activities still carry trace context from call to call, since ASP.NET Core and HttpClient do that by themselves.
/// </summary>
internal static class TelemetryExport
{
    private static readonly string[] EndpointVariables =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    public static bool IsWanted => EndpointVariables.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    /// <summary>OpenTelemetry looks for its variables in the host's settings, where a service has only its own.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables() =>
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value))
            .Where(variable => variable.Key.StartsWith("OTEL_", StringComparison.Ordinal));

    public static void AddTo(IServiceCollection services, string service, string version, string instance)
    {
        if (!IsWanted)
            return;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("suite-" + service, "suite", version)
                .AddAttributes([new("suite.instance", instance)]))
            .WithTracing(tracing => tracing
                // Grpc.Net.Client puts a span of its own between ours and the HTTP request's: without it the callee's hang in the air.
                .AddSource("Suite.*", "Grpc.Net.Client")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddOtlpExporter())
            .WithMetrics(metrics => metrics
                .AddMeter("Suite.*")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddOtlpExporter());
    }
}
