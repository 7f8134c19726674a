using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>Entries of a directory as bytes (getdents64(2)); .NET's own enumeration loses names that are not UTF-8.</summary>
public static unsafe partial class Dirent
{
    /// <summary>The names in an open directory, without <c>.</c> and <c>..</c>.</summary>
    /// <returns>0, or the negated errno.</returns>
    public static int Read(int directory, List<byte[]> into)
    {
        var buffer = new byte[32 * 1024];
        while (true)
        {
            int length;
            fixed (byte* b = buffer) length = FileCalls.Errno((int)getdents64(directory, b, (nuint)buffer.Length));
            if (length <= 0) return length;
            for (var at = 0; at < length;)
            {
                // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, then the name with its NUL
                var record = BitConverter.ToUInt16(buffer, at + 16);
                var name = buffer.AsSpan(at + 19, record - 19);
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) into.Add(name.ToArray());
                at += record;
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(int directory, byte* entries, nuint length);
}
