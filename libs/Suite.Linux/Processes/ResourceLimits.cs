namespace Suite.Linux.Processes;

/// <summary>The resources of setrlimit(2), by number (asm-generic/resource.h).</summary>
public static class ResourceLimits
{
    private static readonly string[] Names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO",
        "RLIMIT_RTTIME",
    ];

    public static IReadOnlyList<string> AllNames => Names;

    public static bool TryFind(string name, out int resource)
    {
        resource = Array.IndexOf(Names, name);
        return resource >= 0;
    }
}
