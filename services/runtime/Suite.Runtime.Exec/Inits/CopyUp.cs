using Suite.Linux.Errors;
using Suite.Linux.Native;
using static Suite.Linux.Native.FileCalls;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// The contents of a folder of the container, copied to a tmpfs that is about to cover it: files with owners, modes, times and
/// attributes. Names are never looked up through a link: each is opened in the folder that was opened before it.
/// </summary>
internal static class CopyUp
{
    // Of an image's own making; none that a person has is half as deep, and each level has two descriptors and a frame.
    private const int MaxDepth = 256;

    /// <param name="rootToo">The tmpfs itself gets owner and mode of the folder; else it has those of its options.</param>
    public static void Copy(int from, int to, string path, bool rootToo)
    {
        var (source, target) = (OpenAt(from, "."u8, O_RDONLY | O_DIRECTORY), OpenAt(to, "."u8, O_RDONLY | O_DIRECTORY));
        Check(source, path);
        Check(target, path);
        CopyFolder(source, target, path, rootToo, 0);
    }

    /// <summary>Closes both.</summary>
    private static void CopyFolder(int from, int to, string path, bool itself, int depth)
    {
        if (depth > MaxDepth)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"copy {path} to a tmpfs: it has more than {MaxDepth} folders in each other");
        var names = new List<byte[]>();
        Check(Dirent.Read(from, names), path);
        foreach (var name in names)
        {
            Check(StatAt(from, name, out var status), path);
            if (status.IsDirectory)
            {
                Check(MkdirAt(to, name, 0x1c0 /* 0700 */), path);
                var (source, target) = (OpenAt(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), OpenAt(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
                Check(source, path);
                Check(target, path);
                CopyFolder(source, target, path, itself: true, depth + 1);
            }
            else
                CopyFile(from, to, name, status, path);
        }

        Check(StatAt(from, [], out var own), path);
        if (itself)
        {
            Check(Chown(to, own.User, own.Group), path);
            Check(Chmod(to, own.Mode & 0xfffu), path);
        }

        CopyAttributes(from, to);
        Check(SetTimes(to, own.ModifiedSeconds, (int)own.ModifiedNanoseconds), path);
        _ = FileCalls.Close(from);
        _ = FileCalls.Close(to);
    }

    private static void CopyFile(int from, int to, byte[] name, FileStatus status, string path)
    {
        if (status.Type == S_IFREG)
            CopyContent(from, to, name, status, path);
        else if (status.Type == S_IFLNK)
        {
            var link = new byte[4096];
            var length = ReadLinkAt(from, name, link);
            Check(length, path);
            Check(SymlinkAt(link.AsSpan(0, length), to, name), path);
            Check(ChownAt(to, name, status.User, status.Group), path);
        }
        else
        {
            Check(MknodAt(to, name, status.Mode, MakeDevice(status.DeviceMajor, status.DeviceMinor)), path);
            Check(ChownAt(to, name, status.User, status.Group), path);
            Check(ChmodAt(to, name, status.Mode & 0xfffu), path);
        }

        Check(SetTimesAt(to, name, status.ModifiedSeconds, (int)status.ModifiedNanoseconds), path);
    }

    private static void CopyContent(int from, int to, byte[] name, FileStatus status, string path)
    {
        var source = OpenAt(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        var target = OpenAt(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0x180 /* 0600 */);
        Check(source, path);
        Check(target, path);
        var buffer = new byte[64 << 10];
        for (int count; (count = FileContent.Read(source, buffer)) != 0;)
        {
            Check(count, path);
            Check(WriteAll(target, buffer.AsSpan(0, count)), path);
        }

        // A change of owner takes away setuid and the capabilities of the file, so those come after it.
        Check(Chown(target, status.User, status.Group), path);
        Check(Chmod(target, status.Mode & 0xfffu), path);
        CopyAttributes(source, target);
        _ = FileCalls.Close(source);
        _ = FileCalls.Close(target);
    }

    /// <summary>Those that a tmpfs can hold: others are an overlay's own, or of a kind it does not know.</summary>
    private static void CopyAttributes(int from, int to)
    {
        Span<byte> names = stackalloc byte[4096];
        var length = Xattr.List(from, names);
        for (var rest = names[..Math.Max(0, length)]; !rest.IsEmpty;)
        {
            var name = rest[..rest.IndexOf((byte)0)];
            rest = rest[(name.Length + 1)..];
            var value = new byte[Math.Max(0, Xattr.Get(from, name, []))];
            if (Xattr.Get(from, name, value) >= 0)
                _ = Xattr.Set(to, name, value);
        }
    }

    private static void Check(int result, string path)
    {
        if (result < 0)
            throw new ErrnoException($"copy {path} to a tmpfs", -result);
    }
}
