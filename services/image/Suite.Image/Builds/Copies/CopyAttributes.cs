namespace Suite.Image.Builds.Copies;

/// <summary>Owner and mode that COPY was told to give; null: as at the source.</summary>
/// <param name="Time">For what has none of its own, in seconds since the epoch.</param>
/// <param name="LatestTime">Times after it become it; null: they stay.</param>
internal sealed record CopyAttributes(uint? User, uint? Group, FileMode? Mode, long Time, long? LatestTime);
