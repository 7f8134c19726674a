using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Builds.Runs;

/// <summary>Owner and mode of what is mounted into a container.</summary>
internal static class HostFile
{
    public static void Own(string path, uint user, uint group, uint mode)
    {
        var name = Encoding.UTF8.GetBytes(path);
        var result = FileCalls.ChownAt(FileCalls.AT_FDCWD, name, user, group);
        // After the owner, as that takes set-user-id away.
        if (result >= 0) result = FileCalls.ChmodAt(FileCalls.AT_FDCWD, name, mode);
        if (result < 0) throw new ErrnoException($"set owner and mode of {path}", -result);
    }
}
