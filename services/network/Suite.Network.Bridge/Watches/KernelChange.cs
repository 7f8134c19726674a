namespace Suite.Network.Bridge.Watches;

/// <summary>What somebody did to the kernel that may concern us.</summary>
public enum KernelChangeKind
{
    /// <summary>Our table was changed or removed.</summary>
    Table,

    /// <summary>A chain of another table came, or a rule of one went.</summary>
    ForeignChain,

    /// <summary>A link is gone, down, or on no bridge.</summary>
    Link,

    /// <summary>An address was taken from a link.</summary>
    Address,

    /// <summary>More happened than could be told: anything may have.</summary>
    Unknown,
}

/// <param name="Name">The link, or the address; empty for the others.</param>
public readonly record struct KernelChange(KernelChangeKind Kind, string Name = "");
