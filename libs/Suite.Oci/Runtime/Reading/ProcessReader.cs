namespace Suite.Oci.Runtime.Reading;

/// <summary>config.md, Process.</summary>
internal static class ProcessReader
{
    public static Process Read(JsonFields json) => new()
    {
        Terminal = json.Flag("terminal") ?? false,
        ConsoleSize = json.Child("consoleSize", size => new ConsoleSize { Height = size.UInt("height") ?? 0, Width = size.UInt("width") ?? 0 }),
        User = json.Child("user", ReadUser) ?? new User(),
        Args = json.Texts("args"),
        Env = json.Texts("env"),
        Cwd = json.Text("cwd") ?? "",
        Capabilities = json.Child("capabilities", ReadCapabilities),
        Rlimits = json.Children("rlimits", limit => new Rlimit { Type = limit.Text("type") ?? "", Hard = limit.ULong("hard") ?? 0, Soft = limit.ULong("soft") ?? 0 }),
        NoNewPrivileges = json.Flag("noNewPrivileges") ?? false,
        ApparmorProfile = json.Text("apparmorProfile"),
        OomScoreAdj = json.Int("oomScoreAdj"),
        Scheduler = json.Child("scheduler", ReadScheduler),
        SelinuxLabel = json.Text("selinuxLabel"),
        IoPriority = json.Child("ioPriority", priority => new IoPriority { Class = priority.Text("class") ?? "", Priority = priority.Int("priority") ?? 0 }),
        ExecCpuAffinity = json.Child("execCPUAffinity", affinity => new ExecCpuAffinity { Initial = affinity.Text("initial"), Final = affinity.Text("final") }),
    };

    private static User ReadUser(JsonFields json) => new()
    {
        Uid = json.UInt("uid") ?? 0,
        Gid = json.UInt("gid") ?? 0,
        Umask = json.UInt("umask"),
        AdditionalGids = json.UInts("additionalGids"),
        Username = json.Text("username"),
    };

    private static Capabilities ReadCapabilities(JsonFields json) => new()
    {
        Bounding = json.Texts("bounding"),
        Effective = json.Texts("effective"),
        Inheritable = json.Texts("inheritable"),
        Permitted = json.Texts("permitted"),
        Ambient = json.Texts("ambient"),
    };

    private static Scheduler ReadScheduler(JsonFields json) => new()
    {
        Policy = json.Text("policy") ?? "",
        Nice = json.Int("nice") ?? 0,
        Priority = json.Int("priority") ?? 0,
        Flags = json.Texts("flags"),
        Runtime = json.ULong("runtime") ?? 0,
        Deadline = json.ULong("deadline") ?? 0,
        Period = json.ULong("period") ?? 0,
    };
}
