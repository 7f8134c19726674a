using Suite.Linux.Errors;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Mapping;

/// <summary>Values that reach the kernel as part of a path or a file's text, checked before they do.</summary>
internal static class Checked
{
    /// <summary>Linux holds 64 bytes (HOST_NAME_MAX), and a line break would write a second line into /etc/hosts.</summary>
    public static string Hostname(string hostname, string field)
    {
        if (hostname.Length > 64 || hostname.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_')))
            throw Invalid($"{field}: {hostname} is not a host name: letters, digits, '-', '_' and '.', 64 at most");
        return hostname;
    }

    public static string CgroupParent(string parent, string field)
    {
        if (parent.Length == 0)
            return parent;
        if (parent.Split('/').Any(part => part is "." or "..") || parent.AsSpan().ContainsAny('\0', '\n'))
            throw Invalid($"{field}: {parent} leaves its own place");
        return parent;
    }

    /// <summary>
    /// Only what has a namespace of its own, so that a pod changes nothing of the host; names are checked because they
    /// become paths below /proc/sys (CVE-2022-0811).
    /// </summary>
    public static IReadOnlyDictionary<string, string> Sysctls(IReadOnlyDictionary<string, string> sysctls, NamespaceModes namespaces)
    {
        foreach (var (name, value) in sysctls)
        {
            if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or '/')) || name.Contains("..", StringComparison.Ordinal))
                throw Invalid($"config.linux.sysctls: {name} is not a name of a sysctl");
            if (value.AsSpan().ContainsAny('\0', '\n'))
                throw Invalid($"config.linux.sysctls[{name}]: the value holds a line break or a zero byte");
            var dotted = name.Replace('/', '.');
            if (dotted.StartsWith("net.", StringComparison.Ordinal))
            {
                if (namespaces.HostNetwork)
                    throw Invalid($"config.linux.sysctls[{name}]: the pod uses the host's network, which it may not change");
            }
            else if (IsIpc(dotted))
            {
                if (namespaces.HostIpc)
                    throw Invalid($"config.linux.sysctls[{name}]: the pod uses the host's ipc namespace, which it may not change");
            }
            else
                throw Invalid($"config.linux.sysctls[{name}]: is not kept by a namespace; only net.*, fs.mqueue.* and kernel's ipc settings are");
        }
        return sysctls;
    }

    private static bool IsIpc(string name) =>
        name.StartsWith("fs.mqueue.", StringComparison.Ordinal)
        || name is "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.sem" or "kernel.shmall" or "kernel.shmmax"
            or "kernel.shmmni" or "kernel.shm_rmid_forced";

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
