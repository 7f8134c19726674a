using Suite.Linux.Native;

namespace Suite.Image.Builds.Copies;

/// <summary>Files that a Dockerfile holds itself, as here-documents, or that were downloaded: without directories.</summary>
internal sealed class GivenFiles(IReadOnlyDictionary<string, Func<Stream>> contents) : ISourceTree
{
    public static (ISourceTree Tree, SourceFile File) Of(string name, byte[] content, uint mode, long modified) => (
        new GivenFiles(new Dictionary<string, Func<Stream>> { [name] = () => new MemoryStream(content, writable: false) }),
        new SourceFile(name, FileCalls.S_IFREG | mode) { Size = content.Length, ModifiedSeconds = modified });

    public static (ISourceTree Tree, SourceFile File) Of(string name, string path, uint mode, long modified) => (
        new GivenFiles(new Dictionary<string, Func<Stream>> { [name] = () => File.OpenRead(path) }),
        new SourceFile(name, FileCalls.S_IFREG | mode) { Size = new FileInfo(path).Length, ModifiedSeconds = modified });

    public SourceFile? Find(string path) => null;

    public IReadOnlyList<SourceFile> In(SourceFile directory) => [];

    public IEnumerable<SourceFile> Below(SourceFile directory) => [];

    public Stream Open(SourceFile file) => contents[file.Path]();

    public IReadOnlyList<(byte[] Name, byte[] Value)> Xattrs(SourceFile file) => [];
}
