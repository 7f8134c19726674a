namespace Suite.Runtime.Pods;

/// <summary>What a caller knows a pod by. The four together are unique: the key under which a repeated RunPodSandbox finds its pod.</summary>
internal sealed record PodMetadata(string Name, string Uid, string Namespace, uint Attempt)
{
    public string Key => $"{Namespace}/{Name}/{Uid}/{Attempt}";

    /// <summary>As people write it: <c>namespace/name</c>.</summary>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
