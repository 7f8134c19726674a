namespace Suite.Linux.Files;

/// <summary>What a tree takes on its file system.</summary>
/// <param name="Bytes">Blocks allocated, in bytes.</param>
/// <param name="Inodes">Files, directories, links and devices.</param>
public readonly record struct TreeUsage(ulong Bytes, ulong Inodes);
