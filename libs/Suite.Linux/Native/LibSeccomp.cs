using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>
/// seccomp.h of libseccomp 2.5, which knows the numbers of system calls on every architecture. Loaded with the first call, by
/// those who compile a profile; never in a shim or in the child of a clone.
/// </summary>
internal static unsafe partial class LibSeccomp
{
    public const int NameUnknown = -1;
    public const int AttributeOptimize = 8;

    private const string Library = "libseccomp.so.2";

    [StructLayout(LayoutKind.Sequential)]
    public struct scmp_version
    {
        public uint major;
        public uint minor;
        public uint micro;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct scmp_arg_cmp
    {
        public uint arg;
        public int op;
        public ulong datum_a;
        public ulong datum_b;
    }

    [LibraryImport(Library)]
    public static partial scmp_version* seccomp_version();

    [LibraryImport(Library)]
    public static partial nint seccomp_init(uint defaultAction);

    [LibraryImport(Library)]
    public static partial void seccomp_release(nint context);

    [LibraryImport(Library)]
    public static partial uint seccomp_arch_native();

    [LibraryImport(Library)]
    public static partial int seccomp_arch_add(nint context, uint token);

    [LibraryImport(Library)]
    public static partial int seccomp_arch_remove(nint context, uint token);

    [LibraryImport(Library)]
    public static partial int seccomp_attr_set(nint context, int attribute, uint value);

    [LibraryImport(Library)]
    public static partial int seccomp_syscall_resolve_name(byte* name);

    [LibraryImport(Library)]
    public static partial int seccomp_rule_add_array(nint context, uint action, int number, uint count, scmp_arg_cmp* comparisons);

    [LibraryImport(Library)]
    public static partial int seccomp_export_bpf(nint context, int fd);
}
