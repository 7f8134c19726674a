using Suite.Image.Builds.Copies;
using Suite.Linux.Native;

namespace Suite.Image.Builds.Git;

/// <summary>
/// The files of a commit. git knows of a file whether it can be executed, and no more of its mode: owners and times are made up, the same
/// ones for the same commit.
/// </summary>
/// <param name="time">Of all files, in seconds since the epoch; null: as they are on the disk.</param>
internal sealed class GitTree(LayerSource files, bool keepsGitDirectory, long? time) : ISourceTree, IDisposable
{
    private const string GitDirectory = ".git";

    public SourceFile? Find(string path) => IsLeftOut(path) ? null : files.Find(path) is { } found && !IsLeftOut(found.Path) ? Plain(found) : null;

    public IReadOnlyList<SourceFile> In(SourceFile directory) => [.. files.In(directory).Where(f => !IsLeftOut(f.Path)).Select(Plain)];

    public IEnumerable<SourceFile> Below(SourceFile directory) => files.Below(directory).Where(f => !IsLeftOut(f.Path)).Select(Plain);

    public Stream Open(SourceFile file) => files.Open(file);

    public IReadOnlyList<(byte[] Name, byte[] Value)> Xattrs(SourceFile file) => [];

    public void Dispose() => files.Dispose();

    // Those of submodules too, which lead to what is not here.
    private bool IsLeftOut(string path) => !keepsGitDirectory && path.Split('/').Contains(GitDirectory);

    private SourceFile Plain(SourceFile file) => file with
    {
        Mode = file.IsLink ? file.Mode : (file.Mode & FileCalls.S_IFMT) | (file.IsDirectory || (file.Mode & 0x40) != 0 ? 0x1EDu : 0x1A4u),
        User = 0,
        Group = 0,
        ModifiedSeconds = time ?? file.ModifiedSeconds,
    };
}
