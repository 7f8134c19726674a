using System.Text;
using Suite.Image.Graph.Compression;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Files;

namespace Suite.Image.Archives;

/// <summary>
/// The files of an archive of images, each under a number in a folder of its own. An archive names what comes later, so it cannot be
/// read in one pass; and its names never become paths here.
/// </summary>
internal sealed class SpooledArchive : IDisposable
{
    private const int MaxLinks = 16;

    private readonly string _folder;
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private SpooledArchive(string folder) => _folder = folder;

    public static SpooledArchive Read(Stream stream, string folder, CancellationToken cancellationToken)
    {
        var archive = new SpooledArchive(Path.Combine(folder, Guid.NewGuid().ToString("N")));
        Directory.CreateDirectory(archive._folder);
        try
        {
            using var plain = Decompression.Open(stream);
            archive.Fill(new TarReader(plain), cancellationToken);
            return archive;
        }
        catch (Exception e) when (e is InvalidDataException or ZstdSharp.ZstdException)
        {
            archive.Dispose();
            throw new SuiteException(ErrorKind.Corrupt, $"The archive of images is damaged: {e.Message}", e);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public bool Has(string name) => Find(name) is not null;

    /// <summary>The file under which the content of that name is.</summary>
    public string FileOf(string name) =>
        Find(name) ?? throw new SuiteException(ErrorKind.Corrupt, $"The archive of images lacks '{TarEntry.Show(Encoding.UTF8.GetBytes(name))}', which it says it has.");

    public byte[] ReadAll(string name, int limit)
    {
        var file = new FileInfo(FileOf(name));
        return file.Length <= limit
            ? File.ReadAllBytes(file.FullName)
            : throw new SuiteException(ErrorKind.Corrupt, $"'{name}' in the archive of images has {file.Length} bytes; {limit} are allowed.");
    }

    public void Dispose() => FileTree.Remove(_folder);

    private void Fill(TarReader tar, CancellationToken cancellationToken)
    {
        while (tar.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Normal("", Encoding.UTF8.GetString(entry.Name));
            if (entry.Type is TarEntryType.SymbolicLink) _links[name] = Normal(Parent(name), Encoding.UTF8.GetString(entry.LinkName));
            else if (entry.Type is TarEntryType.HardLink) _links[name] = Normal("", Encoding.UTF8.GetString(entry.LinkName));
            if (entry.Type != TarEntryType.File) continue;
            var path = Path.Combine(_folder, _files.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            using var file = File.Create(path, bufferSize: 0);
            ReadOnlySpan<byte> piece;
            do
            {
                piece = tar.ReadBody(out var hole);
                file.Position += hole;
                file.Write(piece);
            }
            while (!piece.IsEmpty);
            file.SetLength(entry.Size);
            if (!_files.TryAdd(name, path)) throw new SuiteException(ErrorKind.Corrupt, $"The archive of images has '{entry.ShownName}' twice.");
        }

        tar.Drain();
    }

    private string? Find(string name)
    {
        var at = Normal("", name);
        for (var hops = 0; hops < MaxLinks; hops++)
        {
            if (_files.TryGetValue(at, out var path)) return path;
            if (!_links.TryGetValue(at, out at!)) return null;
        }

        return null;
    }

    private static string Parent(string name) => name.Contains('/', StringComparison.Ordinal) ? name[..name.LastIndexOf('/')] : "";

    /// <summary>Without ".", ".." and slashes at either end: a key in a dictionary, nothing more.</summary>
    private static string Normal(string from, string name)
    {
        var parts = new List<string>();
        foreach (var part in (name.StartsWith('/') ? name : $"{from}/{name}").Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }

        return string.Join('/', parts);
    }
}
