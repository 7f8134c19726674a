namespace Suite.Runtime.Store;

/// <summary>What the nodes of the graph are.</summary>
internal static class NodeKinds
{
    public const string Pod = "pod";
    public const string Container = "container";

    /// <summary>Known by their id only; they are others' to describe, and go with their last edge.</summary>
    public const string Image = "image";
    public const string Network = "network";
    public const string Volume = "volume";
}

/// <summary>What the edges of the graph mean, read from source to target.</summary>
internal static class EdgeKinds
{
    public const string Uses = "uses";

    /// <summary>A container knows another one by a further name.</summary>
    public const string Links = "links";
}

/// <summary>An edge from the node being saved. An image or network that is not there yet is made.</summary>
internal readonly record struct Edge(string Kind, string TargetKind, string Target);
