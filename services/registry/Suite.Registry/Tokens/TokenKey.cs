using System.Security.Cryptography;
using Suite.Linux.Errors;

namespace Suite.Registry.Tokens;

/// <summary>The key that signs tokens: made at the first start and kept in the state folder, so that tokens outlive a restart.</summary>
internal sealed class TokenKey
{
    private const int KeyBytes = 32;

    private readonly byte[] _key;

    public TokenKey(string path)
    {
        try
        {
            _key = File.Exists(path) ? File.ReadAllBytes(path) : Make(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.PermissionDenied, $"cannot read or make the key for tokens {path}: {e.Message}", e);
        }

        if (_key.Length != KeyBytes)
            throw new SuiteException(ErrorKind.Corrupt, $"the key for tokens {path} has {_key.Length} bytes instead of {KeyBytes}: delete it, a new one is made at the next start");
    }

    public byte[] Sign(ReadOnlySpan<byte> content) => HMACSHA256.HashData(_key, content);

    public bool IsSignature(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, content), signature);

    private static byte[] Make(string path)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        // Under another name first: a crash in between must not leave half a key.
        File.Delete(path + ".new");
        using (var file = new FileStream(path + ".new", options))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path);
        return key;
    }
}
