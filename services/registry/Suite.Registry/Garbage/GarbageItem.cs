namespace Suite.Registry.Garbage;

internal enum GarbageKind
{
    Tag,
    Manifest,

    /// <summary>A blob that a repository no longer needs; its content goes with the last repository.</summary>
    Blob,

    /// <summary>Content without a record, as a crash leaves it.</summary>
    Content,
}

/// <summary>Something that is removed, or in a dry run would be.</summary>
/// <param name="Bytes">What it frees.</param>
internal sealed record GarbageItem(GarbageKind Kind, string Repository, string Name, long Bytes);
