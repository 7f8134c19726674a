using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Suite.Registry.Access;

/// <summary>
/// Checks passwords. bcrypt is slow by design, and a pull is a dozen requests: who was found right is remembered for a while, as a keyed
/// hash. Few are computed at the same time, so that a flood of logins leaves processors for those who are in.
/// </summary>
internal sealed class PasswordCheck(PasswordFile file, TimeProvider time) : IDisposable
{
    // bcrypt reads no further; a longer password would be checked by its beginning only.
    private const int LongestPassword = 72;
    private const int MostRemembered = 4096;

    private const int NobodysCost = 10;

    // Of a password that nobody knows: an unknown name takes the time of a known one, so that names cannot be guessed by the clock.
    private static readonly Lazy<string> NobodysHash = new(() => BCrypt.Net.BCrypt.HashPassword(RandomNumberGenerator.GetHexString(32), NobodysCost));

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly SemaphoreSlim _processors = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly ConcurrentDictionary<string, Remembered> _remembered = new(StringComparer.Ordinal);

    public async ValueTask<bool> IsRightAsync(string user, string password, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(password) is 0 or > LongestPassword)
            return false;
        var hash = file.Find(user);
        var version = file.Version;
        var now = time.GetTimestamp();
        var proof = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{user}\0{password}"));
        if (hash is not null && _remembered.TryGetValue(user, out var known) && known.Version == version
            && time.GetElapsedTime(known.Since, now) < Memory && CryptographicOperations.FixedTimeEquals(known.Proof, proof))
        {
            return true;
        }

        await _processors.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Off the request's thread: half a second of arithmetic must not hold up those who transfer.
            var right = await Task.Run(() => Verify(password, hash ?? NobodysHash.Value), cancellationToken).ConfigureAwait(false) && hash is not null;
            if (right)
                Remember(user, new Remembered(proof, version, now));
            return right;
        }
        finally
        {
            _processors.Release();
        }
    }

    public void Dispose() => _processors.Dispose();

    private void Remember(string user, Remembered remembered)
    {
        if (_remembered.Count >= MostRemembered)
            _remembered.Clear();
        _remembered[user] = remembered;
    }

    private static bool Verify(string password, string hash)
    {
        try
        {
            return BCrypt.Net.BCrypt.Verify(password, hash);
        }
        catch (BCrypt.Net.SaltParseException)
        {
            return false;
        }
    }

    private sealed record Remembered(byte[] Proof, int Version, long Since);
}
