using Suite.Image.Records;
using Suite.Oci.References;

namespace Suite.Image.Pulls;

/// <summary>What a pull or a push tells while it works.</summary>
internal abstract record TransferEvent;

/// <summary>The manifest is known.</summary>
internal sealed record ResolvedEvent(Reference Reference, Digest Digest, IReadOnlyList<Digest> Layers) : TransferEvent;

/// <summary>A blob came further.</summary>
internal sealed record BlobEvent(Digest Digest, TransferState State, long Current, long Total) : TransferEvent;

internal enum TransferState
{
    Waiting,
    Downloading,
    Uploading,
    Exists,
    Done,
}

/// <summary>How a pull ended.</summary>
internal sealed record PullOutcome(ImageRecord Image, Digest Digest, bool Downloaded);
