namespace Suite.Registry.Garbage;

/// <summary>"garbage" in registry.json.</summary>
internal sealed class GarbageOptions
{
    /// <summary>How often what nothing needs is removed. Zero: only when asked for.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// For how long content that no manifest needs is kept, counted from its push, mount or the last HEAD: the time that a client has
    /// between learning that a layer is there and pushing the manifest that needs it.
    /// </summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Which tags and manifests are kept. The first rule that fits a repository counts; without one everything is.</summary>
    public RetentionRule[] Retention { get; set; } = [];

    /// <summary>How often all content is read again and compared with its digest. Zero: only when asked for.</summary>
    public TimeSpan ScrubInterval { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bytes a second that a scrub reads at most. 0: as fast as the disk.</summary>
    public long ScrubBytesPerSecond { get; set; } = 32 << 20;
}

/// <summary>A tag is kept when any of these says so; the others are deleted. A rule that says nothing of tags keeps all.</summary>
internal sealed class RetentionRule
{
    /// <summary>Patterns of names: * stands for anything but a slash, ** for anything.</summary>
    public string[] Repositories { get; set; } = ["**"];

    /// <summary>Patterns of tags that stay.</summary>
    public string[] KeepTags { get; set; } = [];

    /// <summary>So many of the tags that were pushed last stay.</summary>
    public int? KeepNewest { get; set; }

    /// <summary>Tags that were pushed within this time stay.</summary>
    public TimeSpan? KeepPushedWithin { get; set; }

    /// <summary>
    /// Tags whose manifest was pulled within this time, by tag or by digest, stay; a push counts as a first pull. A HEAD does not count.
    /// </summary>
    public TimeSpan? KeepPulledWithin { get; set; }

    /// <summary>Whether manifests stay that no tag, no index and no subject leads to, once the grace has passed.</summary>
    public bool KeepUntagged { get; set; } = true;
}
