using System.Text;
using System.Text.RegularExpressions;
using Suite.Cli.Registries;
using Suite.Graph.V1;
using Suite.Oci.References;

namespace Suite.Cli.Contexts;

/// <summary>The caller's credentials for the registries that a Dockerfile and the image's names mention.</summary>
internal static partial class BuildLogins
{
    public static async Task<IReadOnlyList<RegistryAuth>> FindAsync(byte[] dockerfile, IEnumerable<string> tags, Session session, CancellationToken cancellationToken)
    {
        var mentioned = Image().Matches(Encoding.UTF8.GetString(dockerfile)).Select(m => m.Groups[1].Value).Concat(tags);
        var found = new List<RegistryAuth>();
        var hosts = new HashSet<string>();
        foreach (var name in mentioned)
        {
            if (Reference.TryParse(name, out var reference) && hosts.Add(reference.Host) && await RegistryLogin.ForAsync(name, session, cancellationToken) is { } auth)
                found.Add(auth);
        }

        return found;
    }

    // Bases, what COPY and mounts take from, and defaults of arguments, which may be a base's name.
    [GeneratedRegex(@"(?im)(?:^\s*FROM\s+(?:--\S+\s+)*|--from=|\bfrom=|^\s*ARG\s+\w+=)""?([^\s"",]+)")]
    private static partial Regex Image();
}
