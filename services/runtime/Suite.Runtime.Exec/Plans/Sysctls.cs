using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>The kernel settings that belong to a namespace. Any other would change the host, so it is refused.</summary>
internal static class Sysctls
{
    private static readonly string[] IpcNames =
    [
        "kernel.auto_msgmni", "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced", "kernel.shm_next_id", "kernel.msg_next_id", "kernel.sem_next_id",
    ];

    /// <returns>The type of the namespace the setting is of.</returns>
    public static string NamespaceOf(string name, string field)
    {
        // The name becomes a path below /proc/sys: nothing in it may lead elsewhere, and '+' or '=' have no business in it.
        var clean = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/')
            && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("//", StringComparison.Ordinal) && name[0] is not ('/' or '.');
        if (!clean)
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: \"{name}\" is not the name of a kernel setting");

        if (IsOfNetwork(name))
            return NamespaceTypes.Network;
        var dotted = name.Replace('/', '.');
        if (Array.IndexOf(IpcNames, dotted) >= 0 || dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal))
            return NamespaceTypes.Ipc;
        throw new SuiteException(
            ErrorKind.InvalidArgument, $"{field}: {name} is a setting of the whole host, not of a namespace; set it on the host instead");
    }

    public static bool IsOfNetwork(string name) => name.StartsWith("net.", StringComparison.Ordinal) || name.StartsWith("net/", StringComparison.Ordinal);

    public static string CheckValue(string value, string field)
    {
        if (value.Any(c => char.IsControl(c) && c != '\t'))
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: the value has control characters");
        return value;
    }

    /// <summary>Below /proc/sys. Names with slashes are paths already (sysctl(8)), so that a dot may be part of an interface's name.</summary>
    public static string PathOf(string name) => name.Contains('/') ? name : name.Replace('.', '/');
}
