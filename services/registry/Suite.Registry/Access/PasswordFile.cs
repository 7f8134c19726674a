using Suite.Linux.Errors;

namespace Suite.Registry.Access;

/// <summary>An htpasswd file, read again when it changes: a user who was taken out is refused at once.</summary>
internal sealed class PasswordFile
{
    private const long LargestFile = 4 << 20;

    private readonly string _path;
    private readonly Lock _lock = new();
    private (DateTime Written, long Length) _seen;
    private Dictionary<string, string> _hashes = [];

    /// <exception cref="SuiteException">The file cannot be used: a registry does not start with it.</exception>
    public PasswordFile(string path)
    {
        _path = path;
        Load(Look());
    }

    /// <summary>Counts up with each change, so that what was remembered of an earlier content is not believed.</summary>
    public int Version { get; private set; }

    /// <summary>The user's hash, or null. A file that became unreadable knows nobody.</summary>
    public string? Find(string user)
    {
        lock (_lock)
        {
            try
            {
                if (Look() is var now && now != _seen)
                    Load(now);
            }
            catch (SuiteException)
            {
                (_seen, _hashes) = (default, []);
                Version++;
            }

            return _hashes.GetValueOrDefault(user);
        }
    }

    private (DateTime Written, long Length) Look()
    {
        var file = new FileInfo(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : throw Unusable("it is not there");
    }

    private void Load((DateTime Written, long Length) seen)
    {
        if (seen.Length > LargestFile)
            throw Unusable($"it has more than {LargestFile} bytes");
        try
        {
            _hashes = Parse(File.ReadAllLines(_path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e.Message);
        }

        _seen = seen;
        Version++;
    }

    private Dictionary<string, string> Parse(string[] lines)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            // $2y$: what Apache's htpasswd writes; the others are the same function under older names.
            if (colon < 1 || line[(colon + 1)..] is not ['$', '2', 'a' or 'b' or 'y', '$', ..] hash || hash.Length != 60)
                throw Unusable($"line {i + 1} is not NAME:HASH with a bcrypt hash; make it with: htpasswd -B {_path} NAME");
            hashes[line[..colon]] = line[(colon + 1)..];
        }

        return hashes;
    }

    private SuiteException Unusable(string why) => new(ErrorKind.InvalidArgument, $"cannot use access.users {_path}: {why}");
}
