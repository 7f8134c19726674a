namespace Suite.Oci.Runtime.Reading;

/// <summary>config-linux.md, Control groups.</summary>
internal static class ResourcesReader
{
    public static LinuxResources Read(JsonFields json) => new()
    {
        Devices = json.Children("devices", ReadDevice),
        Memory = json.Child("memory", ReadMemory),
        Cpu = json.Child("cpu", ReadCpu),
        Pids = json.Child("pids", pids => new PidsResources { Limit = pids.Long("limit") }),
        BlockIO = json.Child("blockIO", ReadBlockIo),
        HugepageLimits = json.Children("hugepageLimits", it => new HugepageLimit { PageSize = it.Text("pageSize") ?? "", Limit = it.ULong("limit") ?? 0 }),
        Network = json.Child("network", ReadNetwork),
        Rdma = json.ChildrenByName("rdma", it => new RdmaLimit { HcaHandles = it.UInt("hcaHandles"), HcaObjects = it.UInt("hcaObjects") }),
        Unified = json.TextsByName("unified"),
    };

    private static DeviceRule ReadDevice(JsonFields json) => new()
    {
        Allow = json.Flag("allow") ?? false,
        Type = json.Text("type"),
        Major = json.Long("major"),
        Minor = json.Long("minor"),
        Access = json.Text("access"),
    };

    private static MemoryResources ReadMemory(JsonFields json) => new()
    {
        Limit = json.Long("limit"),
        Reservation = json.Long("reservation"),
        Swap = json.Long("swap"),
        Kernel = json.Long("kernel"),
        KernelTcp = json.Long("kernelTCP"),
        Swappiness = json.ULong("swappiness"),
        DisableOOMKiller = json.Flag("disableOOMKiller"),
        UseHierarchy = json.Flag("useHierarchy"),
        CheckBeforeUpdate = json.Flag("checkBeforeUpdate"),
    };

    private static CpuResources ReadCpu(JsonFields json) => new()
    {
        Shares = json.ULong("shares"),
        Quota = json.Long("quota"),
        Burst = json.ULong("burst"),
        Period = json.ULong("period"),
        RealtimeRuntime = json.Long("realtimeRuntime"),
        RealtimePeriod = json.ULong("realtimePeriod"),
        Cpus = json.Text("cpus"),
        Mems = json.Text("mems"),
        Idle = json.Long("idle"),
    };

    private static BlockIoResources ReadBlockIo(JsonFields json) => new()
    {
        Weight = json.UShort("weight"),
        LeafWeight = json.UShort("leafWeight"),
        WeightDevice = json.Children("weightDevice", ReadWeight),
        ThrottleReadBpsDevice = json.Children("throttleReadBpsDevice", ReadThrottle),
        ThrottleWriteBpsDevice = json.Children("throttleWriteBpsDevice", ReadThrottle),
        ThrottleReadIopsDevice = json.Children("throttleReadIOPSDevice", ReadThrottle),
        ThrottleWriteIopsDevice = json.Children("throttleWriteIOPSDevice", ReadThrottle),
    };

    private static WeightDevice ReadWeight(JsonFields json) => new()
    {
        Major = json.Long("major") ?? 0,
        Minor = json.Long("minor") ?? 0,
        Weight = json.UShort("weight"),
        LeafWeight = json.UShort("leafWeight"),
    };

    private static ThrottleDevice ReadThrottle(JsonFields json) => new()
    {
        Major = json.Long("major") ?? 0,
        Minor = json.Long("minor") ?? 0,
        Rate = json.ULong("rate") ?? 0,
    };

    private static NetworkResources ReadNetwork(JsonFields json) => new()
    {
        ClassID = json.UInt("classID"),
        Priorities = json.Children("priorities", it => new InterfacePriority { Name = it.Text("name") ?? "", Priority = it.UInt("priority") ?? 0 }),
    };
}
