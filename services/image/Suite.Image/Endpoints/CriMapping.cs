using System.Globalization;
using Suite.Image.Records;
using Suite.Image.Registries;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Cri = Runtime.V1;

namespace Suite.Image.Endpoints;

/// <summary>Between CRI's messages and our records.</summary>
internal static class CriMapping
{
    public static Cri.Image ToCri(ImageRecord image, bool pinned)
    {
        var message = new Cri.Image { Id = image.Id.ToString(), Size = (ulong)image.Size, Pinned = pinned, Spec = new Cri.ImageSpec { Image = image.Id.ToString() } };
        message.RepoTags.AddRange(image.Tags);
        message.RepoDigests.AddRange(image.Digests);

        // "user", "uid", "user:group": kubelet's runAsNonRoot wants to know which of the two kinds it is.
        var user = (image.Config.Config?.User ?? "").Split(':')[0];
        if (long.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var uid)) message.Uid = new Cri.Int64Value { Value = uid };
        else message.Username = user;
        return message;
    }

    /// <summary>The credentials of a pull, if they are for its registry: a node must not hand one registry's password to another.</summary>
    /// <param name="reference">What is pulled now.</param>
    /// <param name="called">What was asked for: a short name may be searched for in other registries.</param>
    public static Credentials ToCredentials(Cri.AuthConfig? auth, Reference reference, string called)
    {
        if (auth is null || !IsFor(auth.ServerAddress.Length > 0 ? auth.ServerAddress : Reference.Parse(called).Host, reference.Host)) return Credentials.Anonymous;
        if (auth.Username.Length > 0) return new Credentials(auth.Username, auth.Password, auth.IdentityToken, auth.RegistryToken);
        if (auth.Auth.Length == 0) return new Credentials("", "", auth.IdentityToken, auth.RegistryToken);
        var decoded = new byte[auth.Auth.Length];
        if (!Convert.TryFromBase64String(auth.Auth, decoded, out var length))
            throw new SuiteException(ErrorKind.InvalidArgument, "auth.auth is not base64 of name:password.");
        var pair = System.Text.Encoding.UTF8.GetString(decoded, 0, length).TrimEnd('\0').Split(':', 2);
        return pair.Length == 2
            ? new Credentials(pair[0], pair[1], auth.IdentityToken, auth.RegistryToken)
            : throw new SuiteException(ErrorKind.InvalidArgument, "auth.auth is not base64 of name:password.");
    }

    private static bool IsFor(string server, string host)
    {
        var authority = Uri.TryCreate(server.Contains("://", StringComparison.Ordinal) ? server : "https://" + server, UriKind.Absolute, out var uri) ? uri.Authority : server;
        return authority == host || (host == Reference.DefaultHost && authority is "index.docker.io" or "registry-1.docker.io" or "docker.io");
    }
}
