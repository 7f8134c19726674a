using Suite.Graph.V1;
using Suite.Oci.References;

namespace Suite.Cli.Registries;

/// <summary>The credentials of the person who calls. They are theirs and not the service's: each call brings them.</summary>
internal static class RegistryLogin
{
    /// <summary>For the registry of an image. Null: anonymous. A name out of grammar is the service's to refuse.</summary>
    public static async Task<RegistryAuth?> ForAsync(string image, Session session, CancellationToken cancellationToken) =>
        Reference.TryParse(image, out var reference) ? await OfAsync(reference.Host, DockerConfig.Open(session.Environment), cancellationToken) : null;

    /// <summary>For who asks the registry itself: a name and a password, or null.</summary>
    public static async Task<(string User, string Password)?> PasswordAsync(string host, Session session, CancellationToken cancellationToken) =>
        await OfAsync(host, DockerConfig.Open(session.Environment), cancellationToken) is { Password.Length: > 0 } found ? (found.Username, found.Password) : null;

    /// <summary>Where a helper is named for the registry it is asked first: what the file has beside it is older.</summary>
    public static async Task<RegistryAuth?> OfAsync(string host, DockerConfig config, CancellationToken cancellationToken)
    {
        if (config.HelperFor(host) is { Length: > 0 } helper)
        {
            var found = await CredentialProgram.GetAsync(helper, DockerConfig.ServerOf(host), cancellationToken);
            if (found is var (user, secret, isToken))
                return isToken
                    ? new RegistryAuth { Host = host, IdentityToken = secret }
                    : new RegistryAuth { Host = host, Username = user, Password = secret };
        }

        if (config.FindIdentityToken(host) is { Length: > 0 } token) return new RegistryAuth { Host = host, IdentityToken = token };
        return config.Find(host) is var (name, password) ? new RegistryAuth { Host = host, Username = name, Password = password } : null;
    }
}
