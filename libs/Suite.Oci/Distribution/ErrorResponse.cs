using System.Text.Json;

namespace Suite.Oci.Distribution;

/// <summary>The body of a failed request (distribution-spec, "Error Codes").</summary>
public sealed record ErrorResponse
{
    public IReadOnlyList<ErrorEntry>? Errors { get; init; }

    public static ErrorResponse Of(string code, string message) => new() { Errors = [new ErrorEntry { Code = code, Message = message }] };
}

/// <summary>One of the errors in a response.</summary>
public sealed record ErrorEntry
{
    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>Whatever the registry wants to add.</summary>
    public JsonElement? Detail { get; init; }
}
