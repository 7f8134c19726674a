using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>open(2) of a folder, which File.OpenHandle refuses.</summary>
internal static partial class DirectoryCalls
{
    public const int O_RDONLY = 0;
    public const int O_CLOEXEC = 0x80000;

    // Without O_DIRECTORY, whose number differs between architectures: the caller knows that it is a folder.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags);
}
