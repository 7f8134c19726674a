namespace Suite.Runtime.Pods;

/// <summary>With whom a namespace is shared, in CRI's terms.</summary>
internal enum NamespaceMode
{
    /// <summary>With the other containers of the pod.</summary>
    Pod,

    /// <summary>With nobody.</summary>
    Container,

    /// <summary>With the host.</summary>
    Node,

    /// <summary>With one other container of the pod (pid only).</summary>
    Target,
}

/// <summary>The namespaces a caller may choose. Mount, uts and cgroup namespaces follow from these.</summary>
internal sealed record NamespaceModes(NamespaceMode Network, NamespaceMode Pid, NamespaceMode Ipc, string TargetId)
{
    public static readonly NamespaceModes Default = new(NamespaceMode.Pod, NamespaceMode.Pod, NamespaceMode.Pod, "");

    public bool HostNetwork => Network == NamespaceMode.Node;

    public bool HostIpc => Ipc == NamespaceMode.Node;
}
