using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Suite.Runtime.Exec.Shims;

namespace Suite.Runtime.Streaming;

/// <summary>Reads the sizes of a client's window: JSON objects, one after the other, as Go's encoder writes them.</summary>
internal static class WindowSizes
{
    private const int Longest = 256;

    public static async IAsyncEnumerable<TerminalSize> ReadAsync(PipeReader sizes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await sizes.ReadAsync(cancellationToken).ConfigureAwait(false);
            var text = read.Buffer;
            while (text.PositionOf((byte)'}') is { } end)
            {
                var one = text.Slice(0, text.GetPosition(1, end));
                text = text.Slice(one.End);
                if (one.Length <= Longest && Parse(one.ToArray()) is { } size)
                    yield return size;
            }
            // What is no object in so many bytes will not become one.
            sizes.AdvanceTo(text.Length > Longest ? text.End : text.Start, text.End);
            if (read.IsCompleted)
                yield break;
        }
    }

    private static TerminalSize? Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, WindowSizeJson.Default.WindowSize) is { } size ? new TerminalSize(size.Height, size.Width) : null;
        }
        catch (JsonException)
        {
            // A size that cannot be read changes nothing.
            return null;
        }
    }
}

internal sealed record WindowSize(ushort Width, ushort Height);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(WindowSize))]
internal sealed partial class WindowSizeJson : JsonSerializerContext;
