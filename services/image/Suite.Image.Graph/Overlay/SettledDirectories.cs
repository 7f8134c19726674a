using System.Globalization;
using System.Text;
using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Overlay;

/// <summary>
/// Gives the directories that a layer left out the attributes that the layers below tell, by making them in the writable part of a
/// root file system. Not in the layer itself: it may lie above other layers in another image.
/// </summary>
/// <param name="implied">What each layer left out, topmost first.</param>
internal sealed class SettledDirectories(int upper, LowerDirectory root, IReadOnlyList<SortedSet<byte[]>> implied)
{
    /// <summary>Says how a directory was left here, so that it is no change. overlayfs shows its own attributes to nobody.</summary>
    private static ReadOnlySpan<byte> Mark => "trusted.overlay.suite.settled"u8;

    private readonly LowerDirectory _root = root;
    private readonly HashSet<byte[]> _done = new(ByteNames.Equality);
    private readonly List<(int Directory, FileStatus Told)> _made = [];

    // What was looked into last: paths come in order, and each looked up from the root would cost its depth.
    private byte[] _shownPath = [];
    private LowerDirectory _shown = root;

    public void Settle()
    {
        try
        {
            foreach (var path in implied.SelectMany(i => i)) Settle(path);
            // From the innermost: a directory made in another changes its time.
            foreach (var (directory, told) in Enumerable.Reverse(_made))
            {
                Check(FileCalls.SetTimes(directory, told.ModifiedSeconds, (int)told.ModifiedNanoseconds));
                Check(Xattr.Set(directory, Mark, Describe(directory)));
            }
        }
        finally
        {
            foreach (var (directory, _) in _made) FileCalls.Close(directory);
            Show([], _root);
        }
    }

    /// <summary>Whether a directory of an upper directory is as it was left here.</summary>
    public static bool IsUntouched(int directory)
    {
        Span<byte> mark = stackalloc byte[256];
        var length = Xattr.Get(directory, Mark, mark);
        return length > 0 && mark[..length].SequenceEqual(Describe(directory));
    }

    private void Settle(byte[] path)
    {
        if (!_done.Add(path)) return;
        using var lower = Find(path);
        var told = lower.Layers.TakeWhile(layer => implied[layer].Contains(path)).Count();
        // Otherwise the topmost layer tells it itself, or nobody does.
        if (told > 0 && told < lower.Layers.Count) Make(path, lower.Shares[told]);
    }

    /// <summary>
    /// The shares of a directory. One that a layer emptied, and did not tell, has the attributes from below; one that it deleted and
    /// filled again is not on its list.
    /// </summary>
    private LowerDirectory Find(ReadOnlySpan<byte> path)
    {
        var whole = path.ToArray();
        var slash = path.LastIndexOf((byte)'/');
        return FindShown(path[..Math.Max(slash, 0)]).Enter(path[(slash + 1)..], layer => implied[layer].Contains(whole));
    }

    /// <summary>A directory as it shows, valid until the next call.</summary>
    private LowerDirectory FindShown(ReadOnlySpan<byte> path)
    {
        // From the last one, where that is on the way.
        if (!path.StartsWith(_shownPath) || (_shownPath.Length > 0 && path.Length > _shownPath.Length && path[_shownPath.Length] != '/')) Show([], _root);
        while (_shownPath.Length < path.Length)
        {
            var start = _shownPath.Length == 0 ? 0 : _shownPath.Length + 1;
            var length = path[start..].IndexOf((byte)'/');
            var end = length < 0 ? path.Length : start + length;
            Show(path[..end].ToArray(), _shown.Enter(path[start..end]));
        }

        return _shown;
    }

    private void Show(byte[] path, LowerDirectory directory)
    {
        if (_shown != _root) _shown.Dispose();
        (_shownPath, _shown) = (path, directory);
    }

    private void Make(byte[] path, int told)
    {
        MakeParents(path);
        MakeOne(path, told);
    }

    private void MakeOne(byte[] path, int told)
    {
        Check(FileCalls.MkdirAt(upper, path, 0x1C0) is var made and not -ErrnoNames.EEXIST ? made : 0);
        var directory = Check(FileCalls.OpenAt(upper, path, LayerRoot.Directory));
        Check(FileCalls.StatAt(told, default, out var status));
        _made.Add((directory, status));
        Check(FileCalls.Chown(directory, status.User, status.Group));
        Check(FileCalls.Chmod(directory, status.Mode & 0xFFFu));
        foreach (var (name, value) in FileXattrs.Of(told)) Check(Xattr.Set(directory, name, value));
    }

    /// <summary>Those that some layer tells have to look as they do: being in the writable part they hide the layers' attributes.</summary>
    private void MakeParents(byte[] of)
    {
        for (var at = of.AsSpan().IndexOf((byte)'/'); at >= 0; at = of.AsSpan(at + 1).IndexOf((byte)'/') is var next and >= 0 ? at + 1 + next : -1)
        {
            var path = of[..at];
            if (_made.Count > 0 && FileCalls.StatAt(upper, path, out _) == 0) continue;
            using var lower = Find(path);
            _done.Add(path);
            var told = lower.Layers.TakeWhile(layer => implied[layer].Contains(path)).Count();
            MakeOne(path, lower.Shares[told < lower.Layers.Count ? told : 0]);
        }
    }

    private static byte[] Describe(int directory)
    {
        Check(FileCalls.StatAt(directory, default, out var s));
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (var (name, value) in FileXattrs.Of(directory))
        {
            hash.AppendData(name);
            hash.AppendData(BitConverter.GetBytes(value.Length));
            hash.AppendData(value);
        }

        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{s.Mode}:{s.User}:{s.Group}:{s.ModifiedSeconds}.{s.ModifiedNanoseconds}:{Convert.ToHexStringLower(hash.GetHashAndReset())}"));
    }

    private static int Check(int result) => result >= 0 ? result : throw new ErrnoException("give a directory that a layer left out its attributes", -result);
}
