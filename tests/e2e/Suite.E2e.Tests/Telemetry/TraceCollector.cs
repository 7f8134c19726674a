using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Telemetry;

/// <summary>An OTLP collector (HTTP, binary protobuf) on a loopback port that keeps the spans it is sent.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    private readonly ConcurrentQueue<CollectedSpan> _spans = [];
    private readonly HttpListener _listener = new();
    private readonly string _address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}/");
    private readonly Task _serving;

    public TraceCollector()
    {
        _listener.Prefixes.Add(_address);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What makes a process send its spans here, whether or not it runs long enough for a batch to be due.</summary>
    /// <param name="variable">The general endpoint, or that of traces alone, which is taken as it stands.</param>
    public IReadOnlyDictionary<string, string> EnvironmentWith(string variable) => new Dictionary<string, string>
    {
        [variable] = variable == TracesEndpoint ? _address + "v1/traces" : _address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    /// <summary>Those that came so far: a process that ended in order has sent all of its own.</summary>
    public IReadOnlyCollection<CollectedSpan> Spans => _spans;

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            // Metrics come to /v1/metrics; they are accepted so that no exporter complains.
            if (call.Request.Url?.AbsolutePath == "/v1/traces")
            {
                foreach (var span in TraceRequest.Read(body.ToArray()))
                    _spans.Enqueue(span);
            }

            call.Response.Close();
        }
    }
}
