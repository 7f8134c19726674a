namespace Suite.Linux.Filters;

/// <summary>
/// Calls younger than libseccomp 2.5.4, which ends at Linux 5.17. Since 5.1 a new call has the same number on every
/// architecture (uapi/asm-generic/unistd.h); MIPS and x32 add an offset to it.
/// </summary>
internal static class NewSystemCalls
{
    private const uint First = 449;

    private static readonly string[] Names =
    [
        "futex_waitv", "set_mempolicy_home_node", "cachestat", "fchmodat2", "map_shadow_stack", "futex_wake", "futex_wait", "futex_requeue",
        "statmount", "listmount", "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules", "mseal", "setxattrat", "getxattrat",
        "listxattrat", "removexattrat", "open_tree_attr", "file_getattr", "file_setattr",
    ];

    public static uint Newest => First + (uint)Names.Length - 1;

    public static bool TryFind(string name, out uint number)
    {
        var index = Array.IndexOf(Names, name);
        number = First + (uint)index;
        return index >= 0;
    }
}
