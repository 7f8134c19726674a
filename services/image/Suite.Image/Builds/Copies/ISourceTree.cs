namespace Suite.Image.Builds.Copies;

/// <summary>What COPY and ADD take files from. Nothing of it leads out of it: links are followed inside.</summary>
internal interface ISourceTree
{
    /// <summary>What is at a path, links followed, the last one too; null when nothing is.</summary>
    SourceFile? Find(string path);

    /// <summary>What is in a directory, by name, in order. Links are not followed.</summary>
    IReadOnlyList<SourceFile> In(SourceFile directory);

    /// <summary>All that is below a directory: each directory before its content, in order.</summary>
    IEnumerable<SourceFile> Below(SourceFile directory);

    Stream Open(SourceFile file);

    /// <summary>Extended attributes that belong to the content.</summary>
    IReadOnlyList<(byte[] Name, byte[] Value)> Xattrs(SourceFile file);
}
