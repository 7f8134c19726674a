using Suite.Linux.Storage;
using Suite.Oci.References;

namespace Suite.Registry.Blobs;

/// <summary>
/// Blobs as files: blobs/ALGORITHM/AB/ABCD…, named by digest, so that equal content is stored once; uploads/ beside them on the same
/// file system, so that a rename makes an upload a blob.
/// </summary>
internal sealed class FileBlobStore : IBlobStore
{
    private readonly string _blobs;
    private readonly UploadFiles _uploads;

    /// <param name="directory">The folder for both.</param>
    public FileBlobStore(string directory)
    {
        _blobs = Path.Combine(directory, "blobs");
        _uploads = new UploadFiles(Path.Combine(directory, "uploads"));
        Directory.CreateDirectory(_blobs);
    }

    public IBlobContent? Open(Digest digest)
    {
        try
        {
            return new FileBlobContent(File.OpenHandle(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Delete(Digest digest)
    {
        var path = PathOf(digest);
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
    }

    public IEnumerable<(Digest Digest, long Length, DateTimeOffset Written)> List()
    {
        foreach (var file in new DirectoryInfo(_blobs).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (Digest.TryParse($"{file.Directory!.Parent!.Name}:{file.Name}", out var digest) && file.Exists)
                yield return (digest, file.Length, file.LastWriteTimeUtc);
        }
    }

    public IBlobUpload Create(UploadKey key) => new FileUpload(_uploads.Create(key), _uploads.PathOf(key), key.Algorithm, Adopt);

    public async ValueTask<IBlobUpload?> ReopenAsync(UploadKey key, CancellationToken cancellationToken)
    {
        if (_uploads.Reopen(key) is not { } file)
            return null;
        var upload = new FileUpload(file, _uploads.PathOf(key), key.Algorithm, Adopt);
        try
        {
            await upload.HashFromDiskAsync(key.Algorithm, cancellationToken).ConfigureAwait(false);
            return upload;
        }
        catch
        {
            upload.Dispose();
            throw;
        }
    }

    public int DeleteUploadsBefore(DateTimeOffset time) => _uploads.DeleteBefore(time);

    /// <summary>The file is flushed already; the name must be too before anybody is told. A crash in between leaves a file nobody sees.</summary>
    private void Adopt(string upload, Digest digest)
    {
        var path = PathOf(digest);
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DirectoryFlush.Flush(Path.GetDirectoryName(folder)!);
            DirectoryFlush.Flush(_blobs);
        }

        File.Move(upload, path, overwrite: true);
        DirectoryFlush.Flush(folder);
    }

    // 256 folders keep each of them small: ext4 and xfs slow down in folders of millions, and so do people.
    private string PathOf(Digest digest) => Path.Combine(_blobs, digest.AlgorithmName, digest.Hex[..2], digest.Hex);
}
