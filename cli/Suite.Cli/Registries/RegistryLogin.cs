using Suite.Graph.V1;
using Suite.Oci.References;

namespace Suite.Cli.Registries;

/// <summary>The credentials of the person who calls, for the registry of an image. They are theirs and not the service's: each call brings them.</summary>
internal static class RegistryLogin
{
    /// <summary>Null: anonymous. A name out of grammar is the service's to refuse.</summary>
    public static async Task<RegistryAuth?> ForAsync(string image, Session session, CancellationToken cancellationToken)
    {
        if (!Reference.TryParse(image, out var reference)) return null;
        var config = DockerConfig.Open(session.Environment);
        if (config.HelperFor(reference.Host) is { Length: > 0 } helper)
        {
            var found = await CredentialProgram.GetAsync(helper, DockerConfig.ServerOf(reference.Host), cancellationToken);
            if (found is var (user, secret, isToken))
                return isToken
                    ? new RegistryAuth { Host = reference.Host, IdentityToken = secret }
                    : new RegistryAuth { Host = reference.Host, Username = user, Password = secret };
        }

        if (config.FindIdentityToken(reference.Host) is { Length: > 0 } token) return new RegistryAuth { Host = reference.Host, IdentityToken = token };
        return config.Find(reference.Host) is var (name, password) ? new RegistryAuth { Host = reference.Host, Username = name, Password = password } : null;
    }
}
