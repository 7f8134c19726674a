namespace Suite.E2e.Tests.Telemetry;

/// <summary>What a test asks of a span. Ids in lower-case hex, as in a traceparent.</summary>
/// <param name="Service">The resource's service.name.</param>
/// <param name="Trace">32 digits.</param>
/// <param name="Id">16 digits.</param>
/// <param name="Parent">16 digits, or nothing for the root.</param>
/// <param name="Name">What the span calls itself, for messages.</param>
internal sealed record CollectedSpan(string Service, string Trace, string Id, string Parent, string Name)
{
    public override string ToString() => $"{Service} \"{Name}\" {Id} under {(Parent.Length == 0 ? "nothing" : Parent)}";
}
