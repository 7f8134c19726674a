using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
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
    /// <summary>OpenTelemetry looks for its variables in the host's settings, where a service has only its own.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables() =>
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value))
            .Where(variable => variable.Key.StartsWith("OTEL_", StringComparison.Ordinal));

    public static void AddTo(IServiceCollection services, string service, string version, string instance)
    {
        var tracing = IsWanted("TRACES", out var tracesEndpoint);
        var metrics = IsWanted("METRICS", out var metricsEndpoint);
        if (!tracing && !metrics)
            return;
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService("suite-" + service, "suite", version)
            .AddAttributes([new("suite.instance", instance)]));
        if (tracing)
        {
            telemetry.WithTracing(builder => builder
                // Grpc.Net.Client puts a span of its own between ours and the HTTP request's: without it the callee's hang in the air.
                .AddSource("Suite.*", "Grpc.Net.Client")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddOtlpExporter(options => Direct(options, tracesEndpoint)));
        }

        if (metrics)
        {
            telemetry.WithMetrics(builder => builder
                .AddMeter("Suite.*")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddOtlpExporter(options => Direct(options, metricsEndpoint)));
        }
    }

    /// <param name="endpoint">Where this signal alone goes, when the general endpoint is not meant for it.</param>
    private static bool IsWanted(string signal, out Uri? endpoint) =>
        Uri.TryCreate(Environment.GetEnvironmentVariable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"), UriKind.Absolute, out endpoint)
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));

    // Of the variables for one signal, which win over the general ones and are taken as they stand, AddOtlpExporter reads none by itself.
    private static void Direct(OtlpExporterOptions options, Uri? endpoint)
    {
        if (endpoint is not null)
            options.Endpoint = endpoint;
    }
}
