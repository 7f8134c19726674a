using Suite.Linux.Namespaces;

namespace Suite.Network.Bridge.Plans;

/// <summary>What a plan leaves open until it is run: numbers that the kernel gives at run time.</summary>
internal interface IPlaces
{
    /// <summary>The index of a link, by its name, in the channel's namespace.</summary>
    int IndexOf(Channel channel, string link);

    /// <summary>The namespace of the sandbox that the plan is about.</summary>
    NetworkNamespace Sandbox { get; }

    /// <summary>The same as a descriptor, as IFLA_NET_NS_FD takes it.</summary>
    int SandboxDescriptor { get; }
}
