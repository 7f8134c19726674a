using System.Text.Json;
using System.Text.Json.Serialization;

namespace Suite.Runtime.Streaming;

/// <summary>How a streamed process ended, as it is said on the error stream.</summary>
/// <param name="ExitCode">Null: there was no process, or its end is not known.</param>
/// <param name="Failure">A sentence; empty: none.</param>
internal sealed record StreamEnd(int? ExitCode, string Failure)
{
    public static readonly StreamEnd Success = new(0, "");

    /// <summary>metav1.Status, since protocol v4: the code is in a cause, so that clients end with the same one.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(ToStatus(), StreamEndJson.Default.StatusDocument);

    /// <summary>Before v4 the stream carried a sentence, or nothing.</summary>
    public string ToText() => Failure.Length > 0 ? Failure : ExitCode is { } code and not 0 ? Sentence(code) : "";

    private StatusDocument ToStatus() => this switch
    {
        { Failure.Length: > 0 } => new("Failure", Failure, "InternalError", new StatusDetails([new StatusCause(null, Failure)]), 500),
        { ExitCode: { } code and not 0 } =>
            new("Failure", Sentence(code), "NonZeroExitCode", new StatusDetails([new StatusCause("ExitCode", $"{code}")]), null),
        _ => new("Success", null, null, null, null),
    };

    private static string Sentence(int code) => $"command terminated with non-zero exit code: {code}";
}

internal sealed record StatusDocument(string Status, string? Message, string? Reason, StatusDetails? Details, int? Code)
{
    public StatusMetadata Metadata { get; } = new();
}

internal sealed record StatusMetadata;

internal sealed record StatusDetails(IReadOnlyList<StatusCause> Causes);

internal sealed record StatusCause(string? Reason, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class StreamEndJson : JsonSerializerContext;
