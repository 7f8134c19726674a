using Suite.Runtime.Pods;

namespace Suite.Runtime.Containers;

/// <summary>Who a container's process is and what it may do.</summary>
internal sealed record ContainerSecurity
{
    public static readonly ContainerSecurity Default = new();

    /// <summary>"user[:group]", names or numbers; empty: the image's.</summary>
    public string User { get; init; } = "";

    /// <summary>Wins over the group that the user has in the image.</summary>
    public long? Group { get; init; }

    public IReadOnlyList<long> SupplementalGroups { get; init; } = [];

    /// <summary>Further ones by their names in the image's /etc/group.</summary>
    public IReadOnlyList<string> GroupNames { get => field ?? []; init; } = [];

    /// <summary>Only the groups asked for, none from the image's /etc/group.</summary>
    public bool StrictGroups { get; init; }

    public bool Privileged { get; init; }

    /// <summary>With or without CAP_; "ALL" is all of them.</summary>
    public IReadOnlyList<string> AddCapabilities { get; init; } = [];

    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    public IReadOnlyList<string> AmbientCapabilities { get; init; } = [];

    public bool NoNewPrivileges { get; init; }

    public bool ReadOnlyRootfs { get; init; }

    /// <summary>Null: the defaults.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    public IReadOnlyList<string>? ReadOnlyPaths { get; init; }

    /// <summary>The filter of system calls. Not for a privileged container.</summary>
    public ProfileChoice Seccomp { get; init; } = ProfileChoice.None;

    /// <summary>The profile of AppArmor. Not for a privileged container.</summary>
    public ProfileChoice AppArmor { get; init; } = ProfileChoice.None;

    /// <summary>user:role:type:level; empty: none was asked for.</summary>
    public string SelinuxLabel { get; init; } = "";

    public NamespaceModes Namespaces { get; init; } = NamespaceModes.Default;
}
