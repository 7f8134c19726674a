using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// A procfs mounted nowhere: nothing an image contains or another container mounts can stand between us and the file we mean
/// to write.
/// </summary>
internal static unsafe class PrivateProc
{
    public static int Open() => FilesystemMount.Create("proc", "proc", MountSettings.None, readOnlyFilesystem: false);

    public static void WriteSysctl(string name, string value)
    {
        var proc = Open();
        WriteSysctl(proc, name, value);
        Descriptor.Close(proc);
    }

    public static void WriteSysctl(int proc, string name, string value)
    {
        var path = "sys/" + Sysctls.PathOf(name);
        var fd = RootedPath.Open(proc, path, O_WRONLY, out var error);
        if (fd < 0)
            throw new ErrnoException($"open /proc/{path}", error);

        error = Descriptor.TryWrite(fd, value);
        Descriptor.Close(fd);
        if (error != 0)
            throw new ErrnoException($"write \"{value}\" to /proc/{path}", error);
    }
}
