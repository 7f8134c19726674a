using Google.Protobuf;

namespace Suite.E2e.Tests.Telemetry;

/// <summary>
/// Reads an ExportTraceServiceRequest (opentelemetry-proto 1, collector/trace/v1/trace_service.proto and trace/v1/trace.proto) by its field
/// numbers: five values of it are no reason to generate its twenty messages.
/// </summary>
internal static class TraceRequest
{
    public static IEnumerable<CollectedSpan> Read(byte[] request) =>
        Fields(request).Where(field => field.Number == 1).SelectMany(resourceSpans => ResourceSpans(resourceSpans.Value));

    private static IEnumerable<CollectedSpan> ResourceSpans(ByteString message)
    {
        var fields = Fields(message.ToByteArray());
        var service = ServiceName(Last(fields, 1));
        return fields.Where(field => field.Number == 2)
            .SelectMany(scopeSpans => Fields(scopeSpans.Value.ToByteArray()))
            .Where(field => field.Number == 2)
            .Select(span => Span(service, Fields(span.Value.ToByteArray())));
    }

    private static CollectedSpan Span(string service, List<Field> span) =>
        new(service, Hex(Last(span, 1)), Hex(Last(span, 2)), Hex(Last(span, 4)), Last(span, 5).ToStringUtf8());

    private static string ServiceName(ByteString resource)
    {
        var attributes = Fields(resource.ToByteArray()).Where(field => field.Number == 1).Select(field => Fields(field.Value.ToByteArray()));
        var name = attributes.Single(attribute => Last(attribute, 1).ToStringUtf8() == "service.name");
        return Last(Fields(Last(name, 2).ToByteArray()), 1).ToStringUtf8();
    }

    // Every field that is asked for is a string, bytes or a message; numbers are passed over.
    private static List<Field> Fields(byte[] message)
    {
        var fields = new List<Field>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                fields.Add(new Field(WireFormat.GetTagFieldNumber(tag), input.ReadBytes()));
            else
                input.SkipLastField();
        }

        return fields;
    }

    private static ByteString Last(List<Field> fields, int number) =>
        fields.LastOrDefault(field => field.Number == number)?.Value ?? ByteString.Empty;

    private static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);

    private sealed record Field(int Number, ByteString Value);
}
