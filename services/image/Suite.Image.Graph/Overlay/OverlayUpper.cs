using System.Text;
using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Overlay;

/// <summary>Makes the writable part of a root file system.</summary>
internal static class OverlayUpper
{
    /// <param name="layers">Lowest first.</param>
    /// <param name="lower">Their directories, topmost first.</param>
    public static void Make(OverlayLayout layout, string key, IReadOnlyList<string> layers, IReadOnlyList<string> lower)
    {
        Directory.CreateDirectory(layout.Work(key));
        // Under another name until it is complete: a second call takes the directory as a sign that all is done.
        var draft = layout.Upper(key) + ".new";
        Directory.CreateDirectory(draft);
        var upper = Open(draft);
        try
        {
            CopyAttributes(lower[0], upper);
            SortedSet<byte[]>[] implied = [.. layers.Reverse().Take(lower.Count).Select(id => ImpliedDirectories.Read(layout.Implied(id)))];
            if (implied.Any(i => i.Count > 0))
            {
                using var root = LowerDirectory.OpenRoot(lower);
                new SettledDirectories(upper, root, implied).Settle();
            }
        }
        finally
        {
            FileCalls.Close(upper);
        }

        Directory.Move(draft, layout.Upper(key));
    }

    /// <summary>The merged root looks like the upper one: all that it shows has to come from the topmost layer.</summary>
    private static void CopyAttributes(string from, int upper)
    {
        var lower = Open(from);
        try
        {
            Check(FileCalls.StatAt(lower, default, out var status));
            Check(FileCalls.Chown(upper, status.User, status.Group));
            Check(FileCalls.Chmod(upper, status.Mode & 0xFFFu));
            foreach (var (name, value) in FileXattrs.Of(lower)) Check(Xattr.Set(upper, name, value));
        }
        finally
        {
            FileCalls.Close(lower);
        }

        void Check(int result)
        {
            if (result < 0) throw new ErrnoException($"give a new root the attributes of {from}", -result);
        }
    }

    private static int Open(string path)
    {
        var directory = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(path), LayerRoot.Directory);
        return directory >= 0 ? directory : throw new ErrnoException($"open {path}", -directory);
    }
}
