using Suite.Linux.Errors;

namespace Suite.Testing.Files;

/// <summary>A folder for one test under /tmp, gone when disposed. Its name carries the instance's, so that a leak names its test.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder(string name = "suite")
    {
        FullName = Directory.CreateTempSubdirectory($"{name}-").FullName;
    }

    public string FullName { get; }

    /// <summary>A path inside; nothing is made.</summary>
    public string Path(params string[] parts) => System.IO.Path.Combine([FullName, .. parts]);

    /// <summary>Makes a folder inside and returns its path.</summary>
    public string Folder(params string[] parts) => Directory.CreateDirectory(Path(parts)).FullName;

    /// <summary>Writes a file inside, with the folders above it, and returns its path.</summary>
    public string File(string relativePath, string contents)
    {
        var path = Path(relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, contents);
        return path;
    }

    public void Dispose()
    {
        // A recursive delete walks into a mount and empties what is mounted there, be it the host's own files.
        var mounts = System.IO.File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4])
            .Where(point => point.StartsWith(FullName, StringComparison.Ordinal)).ToList();
        if (mounts.Count > 0)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"remove {FullName}: still mounted in it: {string.Join(", ", mounts)}");
        if (Directory.Exists(FullName))
            Directory.Delete(FullName, recursive: true);
    }
}
