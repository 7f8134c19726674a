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

    private Trace(string command)
    {
        _source = new ActivitySource(SourceName);
        _provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("suite", serviceVersion: Build.Version))
            // The spans of the calls themselves: a service's span names the HTTP request's as its parent, that one the gRPC call's.
            .AddSource(SourceName, "Grpc.Net.Client", "System.Net.Http")
            .AddOtlpExporter()
            .Build();
        _span = _source.StartActivity($"suite {command}", ActivityKind.Client);
    }

    /// <returns>Null where nobody collects: OpenTelemetry costs more than most commands.</returns>
    public static Trace? Start(Session session, string command) =>
        string.IsNullOrEmpty(session.Environment("OTEL_EXPORTER_OTLP_ENDPOINT")) ? null : new Trace(command);

    public void Failed(string sentence) => _span?.SetStatus(ActivityStatusCode.Error, sentence);

    /// <summary>Ends the span and sends it, waiting as long as the exporter's own limit.</summary>
    public void Dispose()
    {
        _span?.Dispose();
        _provider.Dispose();
        _source.Dispose();
    }
}
