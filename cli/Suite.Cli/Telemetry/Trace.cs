using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Suite.Cli.Telemetry;

/// <summary>
/// The root span of one call of the CLI. HttpClient hands its identity on as traceparent with every call, so that the spans of
/// the services hang below it.
/// </summary>
internal sealed class Trace : IDisposable
{
    private const string SourceName = "Suite.Cli";

    private readonly TracerProvider _provider;
    private readonly ActivitySource _source;
    private readonly Activity? _span;

    /// <param name="endpoint">Where spans alone go, when the general endpoint is not meant for them.</param>
    private Trace(string command, Uri? endpoint)
    {
        _source = new ActivitySource(SourceName);
        _provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("suite", serviceVersion: Build.Version))
            // The spans of the calls themselves: a service's span names the HTTP request's as its parent, that one the gRPC call's.
            .AddSource(SourceName, "Grpc.Net.Client", "System.Net.Http")
            .AddOtlpExporter(options =>
            {
                // Of the variables for one signal, which win over the general ones and are taken as they stand (opentelemetry.io,
                // "OpenTelemetry Protocol Exporter"), this way of adding the exporter reads none by itself.
                if (endpoint is not null)
                    options.Endpoint = endpoint;
            })
            .Build();
        _span = _source.StartActivity($"suite {command}", ActivityKind.Client);
    }

    /// <returns>Null where nobody collects: OpenTelemetry costs more than most commands.</returns>
    public static Trace? Start(Session session, string command)
    {
        _ = Uri.TryCreate(session.Environment("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), UriKind.Absolute, out var endpoint);
        return endpoint is null && string.IsNullOrEmpty(session.Environment("OTEL_EXPORTER_OTLP_ENDPOINT")) ? null : new Trace(command, endpoint);
    }

    public void Failed(string sentence) => _span?.SetStatus(ActivityStatusCode.Error, sentence);

    /// <summary>Ends the span and sends it, waiting as long as the exporter's own limit.</summary>
    public void Dispose()
    {
        _span?.Dispose();
        _provider.Dispose();
        _source.Dispose();
    }
}
