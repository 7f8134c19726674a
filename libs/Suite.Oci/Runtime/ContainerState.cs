namespace Suite.Oci.Runtime;

/// <summary>What <c>state</c> prints and what hooks read (runtime.md, State).</summary>
public sealed record ContainerState
{
    public string OciVersion { get; init; } = "1.3.0";

    public string Id { get; init; } = "";

    /// <summary><c>creating</c>, <c>created</c>, <c>running</c> or <c>stopped</c>.</summary>
    public string Status { get; init; } = "";

    public int? Pid { get; init; }

    public string Bundle { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
