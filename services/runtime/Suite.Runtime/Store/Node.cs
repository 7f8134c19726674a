namespace Suite.Runtime.Store;

/// <summary>A row of the graph: the key is what callers know the node by, unique in its kind.</summary>
internal readonly record struct Node(string Id, string Kind, string Key, byte[] Body);
