namespace Suite.Hosting.Databases;

/// <summary>What a committed transaction survives. Both are in WAL mode and survive a kill of the process.</summary>
public enum Durability
{
    /// <summary>synchronous=NORMAL: about 20 us a commit. A power cut may lose the last commits, never the order or the file.</summary>
    Process,

    /// <summary>synchronous=FULL: the log is on disk before the commit returns, at the price of a flush of the disk.</summary>
    Disk,
}
