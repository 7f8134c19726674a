using System.Text;
using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Overlay;

/// <summary>One directory as the lower layers show it together: the open share of each layer that has one, topmost first.</summary>
internal sealed class LowerDirectory : IDisposable
{
    private readonly int[] _shares;
    private readonly int[] _layers;

    private LowerDirectory(int[] shares, int[] layers) => (_shares, _layers) = (shares, layers);

    public static LowerDirectory Empty { get; } = new([], []);

    public IReadOnlyList<int> Shares => _shares;

    /// <summary>Which layer each share is of, counted from the topmost.</summary>
    public IReadOnlyList<int> Layers => _layers;

    public static LowerDirectory OpenRoot(IReadOnlyList<string> topFirst)
    {
        var shares = new List<int>();
        try
        {
            foreach (var layer in topFirst)
            {
                var share = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(layer), LayerRoot.Directory);
                shares.Add(share >= 0 ? share : throw new ErrnoException($"open the layer {layer}", -share));
            }
        }
        catch
        {
            foreach (var share in shares.Where(s => s >= 0)) FileCalls.Close(share);
            throw;
        }

        return new LowerDirectory([.. shares], [.. Enumerable.Range(0, shares.Count)]);
    }

    /// <summary>The topmost share, whose attributes are the ones that show.</summary>
    public int Top => _shares[0];

    /// <summary>The topmost thing of that name and the directory that holds it; null when there is none, or a whiteout hides it.</summary>
    public (int Directory, FileStatus Status)? Find(ReadOnlySpan<byte> name)
    {
        foreach (var share in _shares)
        {
            var result = FileCalls.StatAt(share, name, out var status);
            if (result == -ErrnoNames.ENOENT) continue;
            if (result < 0) throw new ErrnoException($"look for {Tar.TarEntry.Show(name)} in a layer", -result);
            return status.IsOverlayWhiteout ? null : (share, status);
        }

        return null;
    }

    /// <summary>The directory of that name; empty when it is none. Nothing shows through an opaque one, nor from below a file.</summary>
    /// <param name="through">Layers whose opaque directory of that name is looked through all the same.</param>
    public LowerDirectory Enter(ReadOnlySpan<byte> name, Func<int, bool>? through = null)
    {
        var (inside, layers) = (new List<int>(), new List<int>());
        for (var i = 0; i < _shares.Length; i++)
        {
            var directory = FileCalls.OpenAt(_shares[i], name, LayerRoot.Directory);
            if (directory == -ErrnoNames.ENOENT) continue;
            if (directory is -ErrnoNames.ENOTDIR or -ErrnoNames.ELOOP or -ErrnoNames.ENXIO) break;
            if (directory < 0) throw new ErrnoException($"open {Tar.TarEntry.Show(name)} in a layer", -directory);
            inside.Add(directory);
            layers.Add(_layers[i]);
            if (OverlayLower.IsOpaque(directory) && through?.Invoke(_layers[i]) != true) break;
        }

        return inside.Count == 0 ? Empty : new LowerDirectory([.. inside], [.. layers]);
    }

    /// <summary>All names that show, in order.</summary>
    public IReadOnlyList<byte[]> Names()
    {
        var seen = new SortedSet<byte[]>(ByteNames.Order);
        var hidden = new SortedSet<byte[]>(ByteNames.Order);
        foreach (var share in _shares)
        {
            foreach (var name in ByteNames.In(share))
            {
                if (seen.Contains(name) || hidden.Contains(name)) continue;
                var result = FileCalls.StatAt(share, name, out var status);
                if (result < 0) throw new ErrnoException($"look for {Tar.TarEntry.Show(name)} in a layer", -result);
                (status.IsOverlayWhiteout ? hidden : seen).Add(name);
            }
        }

        return [.. seen];
    }

    public void Dispose()
    {
        foreach (var share in _shares) FileCalls.Close(share);
    }
}
