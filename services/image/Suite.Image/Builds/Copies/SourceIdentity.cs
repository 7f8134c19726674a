using System.Text;
using Suite.Image.Builds.Cache;
using Suite.Oci.References;

namespace Suite.Image.Builds.Copies;

/// <summary>What sources are, as one digest: paths, types, modes, owners, links and content. Times do not count.</summary>
internal static class SourceIdentity
{
    public static void AddTo(CacheKey key, ISourceTree tree, IEnumerable<SourceFile> matches, CancellationToken cancellationToken)
    {
        foreach (var match in matches)
        {
            Add(key, tree, match);
            if (!match.IsDirectory) continue;
            foreach (var file in tree.Below(match))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(key, tree, file);
            }
        }
    }

    private static void Add(CacheKey key, ISourceTree tree, SourceFile file)
    {
        key.Add(file.Path).Add(file.Mode).Add(file.User).Add(file.Group).Add(file.Link);
        if (file.IsFile) key.Add((file.Digest ?? Hash(tree, file)).ToString());
        else key.Add(file.DeviceMajor).Add(file.DeviceMinor);
        foreach (var (name, value) in tree.Xattrs(file)) key.Add(Encoding.Latin1.GetString(name)).Add(Convert.ToHexString(value));
    }

    private static Digest Hash(ISourceTree tree, SourceFile file)
    {
        using var hasher = new DigestHasher();
        var buffer = new byte[128 * 1024];
        using var content = tree.Open(file);
        int read;
        while ((read = content.Read(buffer)) > 0) hasher.Append(buffer.AsSpan(0, read));
        return hasher.Finish();
    }
}
