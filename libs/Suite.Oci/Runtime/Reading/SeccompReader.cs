namespace Suite.Oci.Runtime.Reading;

/// <summary>config-linux.md, Seccomp.</summary>
internal static class SeccompReader
{
    public static Seccomp Read(JsonFields json) => new()
    {
        DefaultAction = json.Text("defaultAction") ?? "",
        DefaultErrnoRet = json.UInt("defaultErrnoRet"),
        Architectures = json.Texts("architectures"),
        Flags = json.Texts("flags"),
        ListenerPath = json.Text("listenerPath"),
        ListenerMetadata = json.Text("listenerMetadata"),
        Syscalls = json.Children("syscalls", ReadRule),
    };

    private static SeccompRule ReadRule(JsonFields json) => new()
    {
        Names = json.Texts("names") ?? [],
        Action = json.Text("action") ?? "",
        ErrnoRet = json.UInt("errnoRet"),
        Args = json.Children("args", ReadArgument),
    };

    private static SeccompArgument ReadArgument(JsonFields json) => new()
    {
        Index = json.UInt("index") ?? 0,
        Value = json.ULong("value") ?? 0,
        ValueTwo = json.ULong("valueTwo") ?? 0,
        Op = json.Text("op") ?? "",
    };
}
