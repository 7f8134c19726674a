using System.Security.Cryptography;

namespace Suite.Runtime.Names;

/// <summary>Ids of pods and containers: 256 random bits, so that nobody guesses one and none comes twice.</summary>
internal static class IdGenerator
{
    public const int ShortLength = 12;

    public static string New() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    public static string Short(string id) => id.Length <= ShortLength ? id : id[..ShortLength];
}
