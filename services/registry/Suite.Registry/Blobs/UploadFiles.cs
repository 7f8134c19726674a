using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Suite.Registry.Blobs;

/// <summary>
/// The files of uploads in progress. A file's name holds a hash of the repository, so that an id is found only under the repository it
/// was given out for.
/// </summary>
internal sealed class UploadFiles
{
    private readonly string _directory;

    public UploadFiles(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
    }

    public string PathOf(UploadKey key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key.Repository));
        return Path.Combine(_directory, $"{Convert.ToHexStringLower(hash.AsSpan(0, 8))}-{key.Id}");
    }

    public SafeFileHandle Create(UploadKey key) =>
        File.OpenHandle(PathOf(key), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public SafeFileHandle? Reopen(UploadKey key)
    {
        try
        {
            return File.OpenHandle(PathOf(key), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public int DeleteBefore(DateTimeOffset time)
    {
        var count = 0;
        foreach (var file in new DirectoryInfo(_directory).EnumerateFiles())
        {
            if (file.LastWriteTimeUtc >= time.UtcDateTime)
                continue;
            file.Delete();
            count++;
        }

        return count;
    }
}
