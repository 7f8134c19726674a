using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Suite.Testing.Files;

namespace Suite.Testing.Services;

/// <summary>
/// The name under which a test makes things in the kernel: the same at every run of a test, so that what a crashed run left is found, and
/// another for every test and every clone, so that they do not meet.
/// </summary>
public static class InstanceName
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Seven letters and digits: an instance's name has at most eight, as a link's name has 15.</summary>
    public static string Of(string test)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{TestPaths.RepositoryRoot}\n{test}"));
        return string.Create(7, hash, static (name, bytes) =>
        {
            name[0] = 't';
            for (var i = 1; i < name.Length; i++)
                name[i] = Alphabet[bytes[i] % 32];
        });
    }

    /// <summary>The calling test's own.</summary>
    public static string OfCaller([CallerFilePath] string file = "", [CallerMemberName] string member = "") =>
        Of($"{Path.GetFileNameWithoutExtension(file)}.{member}");
}
