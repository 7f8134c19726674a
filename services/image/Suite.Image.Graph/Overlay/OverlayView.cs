using System.Text;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Overlay;

/// <summary>What overlayfs would show of some layers, found by looking from the topmost down.</summary>
internal sealed class OverlayView(IReadOnlyList<string> topFirst) : ILayerView
{
    /// <summary>As many as the kernel follows (path_resolution(7)).</summary>
    private const int MaxLinks = 40;

    public (string Path, FileStatus? Status) Resolve(string path)
    {
        var left = new Stack<string>(Parts(path).Reverse());
        var done = new List<string>();
        FileStatus? status = null;
        var links = 0;
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                if (done.Count > 0) done.RemoveAt(done.Count - 1);
                continue;
            }

            done.Add(part);
            status = Look(done, out var target);
            if (target is null) continue;
            if (++links > MaxLinks) throw new SuiteException(ErrorKind.InvalidArgument, $"Too many links on the way to {path} in the image.");
            if (target.StartsWith('/')) done.Clear();
            else done.RemoveAt(done.Count - 1);
            foreach (var step in Parts(target).Reverse()) left.Push(step);
        }

        return ("/" + string.Join('/', done), done.Count == 0 ? Look([], out _) : status);
    }

    public OpenedTree Open() => new(topFirst);

    private static IEnumerable<string> Parts(string path) => path.Split('/').Where(p => p.Length > 0 && p != ".");

    /// <summary>The topmost thing of that name. <paramref name="target"/> is set for a link.</summary>
    private FileStatus? Look(List<string> parts, out string? target)
    {
        target = null;
        foreach (var layer in topFirst)
        {
            switch (LookInto(layer, parts, out var status, out target))
            {
                case Found.Here: return status;
                case Found.Hidden: return null;
            }
        }

        return null;
    }

    private enum Found
    {
        Nothing,
        Hidden,
        Here,
    }

    /// <summary>Step by step, without following anything: a link, a file or a whiteout on the way hides what lies below.</summary>
    private static Found LookInto(string layer, List<string> parts, out FileStatus status, out string? target)
    {
        target = null;
        var hidden = Found.Nothing;
        var at = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(layer), LayerRoot.Directory);
        if (at < 0) throw new ErrnoException($"open the layer {layer}", -at);
        try
        {
            FileCalls.StatAt(at, default, out status);
            for (var i = 0; i < parts.Count; i++)
            {
                if (OverlayLower.IsOpaque(at)) hidden = Found.Hidden;
                var name = Encoding.UTF8.GetBytes(parts[i]);
                var result = FileCalls.StatAt(at, name, out status);
                if (result == -ErrnoNames.ENOENT) return hidden;
                if (result < 0) throw new ErrnoException($"look for {parts[i]} in the layer {layer}", -result);
                if (status.IsOverlayWhiteout) return Found.Hidden;
                if (i == parts.Count - 1)
                {
                    if (status.Type == FileCalls.S_IFLNK) target = ReadLink(at, name);
                    return Found.Here;
                }

                if (!status.IsDirectory) return Found.Hidden;
                var next = FileCalls.OpenAt(at, name, LayerRoot.Directory);
                if (next < 0) throw new ErrnoException($"open {parts[i]} in the layer {layer}", -next);
                FileCalls.Close(at);
                at = next;
            }

            return Found.Here;
        }
        finally
        {
            FileCalls.Close(at);
        }
    }

    private static string ReadLink(int directory, byte[] name)
    {
        Span<byte> target = stackalloc byte[4096];
        var length = FileCalls.ReadLinkAt(directory, name, target);
        return length < 0 ? throw new ErrnoException("read a link in a layer", -length) : Encoding.UTF8.GetString(target[..length]);
    }
}
