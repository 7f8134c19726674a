namespace Suite.Image.Graph.Changes;

/// <summary>How changes become an archive.</summary>
/// <param name="MountPoints">
/// Paths without a leading slash on which something was mounted. Where a runtime had to make one, the empty file or directory that is left
/// is none of the container's changes, and neither are the directories made on the way to it.
/// </param>
/// <param name="LatestTime">Seconds since the epoch; times after it become it. Null: times stay.</param>
internal sealed record ArchiveRules(IReadOnlyCollection<string> MountPoints, long? LatestTime)
{
    public static ArchiveRules None { get; } = new([], null);
}
