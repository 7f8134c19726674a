using Suite.Graph.V1;

namespace Suite.Cli.Output;

/// <summary>One line for each change of a blob's state: for logs, where a bar would be noise.</summary>
internal sealed class LineProgress(TextWriter writer) : TransferProgress
{
    private readonly Dictionary<string, BlobState> _states = [];

    public override void Begin(Resolved resolved) =>
        writer.WriteLine($"{resolved.Reference}: {resolved.Layers.Count} {(resolved.Layers.Count == 1 ? "layer" : "layers")}");

    public override void Report(BlobProgress blob)
    {
        if (blob.State == BlobState.Waiting || (_states.TryGetValue(blob.Digest, out var before) && before == blob.State))
            return;
        _states[blob.Digest] = blob.State;
        var size = blob is { State: BlobState.Done, Total: > 0 } ? $", {Figures.Size(blob.Total)}" : "";
        writer.WriteLine($"{Figures.ShortId(blob.Digest)}: {Word(blob.State)}{size}");
    }
}
