namespace Suite.Oci.Runtime.Reading;

/// <summary>config-linux.md, all but the resources and the filter of system calls.</summary>
internal static class LinuxReader
{
    public static LinuxSpec Read(JsonFields json) => ReadRest(json) with { Seccomp = json.Child("seccomp", SeccompReader.Read) };

    /// <summary>Without the filter of system calls, which is most of many a file.</summary>
    public static LinuxSpec ReadRest(JsonFields json) => new()
    {
        UidMappings = json.Children("uidMappings", ReadMapping),
        GidMappings = json.Children("gidMappings", ReadMapping),
        Sysctl = json.TextsByName("sysctl"),
        Resources = json.Child("resources", ResourcesReader.Read),
        CgroupsPath = json.Text("cgroupsPath"),
        Namespaces = json.Children("namespaces", it => new LinuxNamespace { Type = it.Text("type") ?? "", Path = it.Text("path") }),
        Devices = json.Children("devices", ReadDevice),
        NetDevices = json.ChildrenByName("netDevices", device => new NetDevice { Name = device.Text("name") }),
        RootfsPropagation = json.Text("rootfsPropagation"),
        MaskedPaths = json.Texts("maskedPaths"),
        ReadonlyPaths = json.Texts("readonlyPaths"),
        MountLabel = json.Text("mountLabel"),
        IntelRdt = json.Child("intelRdt", ReadIntelRdt),
        MemoryPolicy = json.Child("memoryPolicy", it => new MemoryPolicy { Mode = it.Text("mode") ?? "", Nodes = it.Text("nodes"), Flags = it.Texts("flags") }),
        Personality = json.Child("personality", it => new Personality { Domain = it.Text("domain") ?? "", Flags = it.Texts("flags") }),
        TimeOffsets = json.ChildrenByName("timeOffsets", it => new TimeOffset { Secs = it.Long("secs") ?? 0, Nanosecs = it.UInt("nanosecs") ?? 0 }),
    };

    public static IdMapping ReadMapping(JsonFields json) => new()
    {
        ContainerID = json.UInt("containerID") ?? 0,
        HostID = json.UInt("hostID") ?? 0,
        Size = json.UInt("size") ?? 0,
    };

    private static LinuxDevice ReadDevice(JsonFields json) => new()
    {
        Type = json.Text("type") ?? "",
        Path = json.Text("path") ?? "",
        Major = json.Long("major") ?? 0,
        Minor = json.Long("minor") ?? 0,
        FileMode = json.UInt("fileMode"),
        Uid = json.UInt("uid"),
        Gid = json.UInt("gid"),
    };

    private static IntelRdt ReadIntelRdt(JsonFields json) => new()
    {
        ClosID = json.Text("closID"),
        Schemata = json.Texts("schemata"),
        L3CacheSchema = json.Text("l3CacheSchema"),
        MemBwSchema = json.Text("memBwSchema"),
        EnableMonitoring = json.Flag("enableMonitoring") ?? false,
    };
}
