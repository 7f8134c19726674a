namespace Suite.Runtime.Exec.Plans;

/// <summary>The number of each step on the wire. Numbers are never used again for something else.</summary>
internal enum StepCode : byte
{
    JoinNamespace = 1,
    MakeCgroup,
    SetPropagation,
    MountRoot,
    BindRoot,
    MountFilesystem,
    BindMount,
    MountCgroup,
    MakeDevice,
    MakeLink,
    OpenTerminal,
    SetSysctl,
    SetHostname,
    SetDomainname,
    PivotRoot,
    MaskPath,
    ProtectPath,
    ProtectRoot,
    EnterCgroup,
    JoinContainer,
    SetOomScore,
    SetRlimit,
    MakeDirectory,
    SetUser,
    SetCapabilities,
    SetNoNewPrivileges,
    Execute,
}
