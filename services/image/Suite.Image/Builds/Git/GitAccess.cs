using System.Text;

namespace Suite.Image.Builds.Git;

/// <summary>
/// What a build's caller lends for repositories that are not public: an agent for ssh, and headers for the web from the secrets
/// GIT_AUTH_TOKEN and GIT_AUTH_HEADER, or those with ".HOST" behind for one host.
/// </summary>
/// <param name="AgentSocket">Null: no agent.</param>
internal sealed record GitAccess(string? AgentSocket, IReadOnlyDictionary<string, byte[]> Secrets)
{
    public const string Agent = "default";

    /// <summary>Settings for git, as names and values; they go by its environment, as everybody can read a command line.</summary>
    public IEnumerable<(string Name, string Value)> Settings(string remote)
    {
        if (!Uri.TryCreate(remote, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || Header(url.Authority) is not { } header) yield break;
        yield return ($"http.{url.Scheme}://{url.Authority}/.extraHeader", $"Authorization: {header}");
    }

    private string? Header(string host)
    {
        if (Secret("GIT_AUTH_HEADER", host) is { } header) return header;
        return Secret("GIT_AUTH_TOKEN", host) is { } token ? $"basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{token}"))}" : null;
    }

    private string? Secret(string name, string host) =>
        Secrets.GetValueOrDefault($"{name}.{host}") is { } own || Secrets.TryGetValue(name, out own) ? Encoding.UTF8.GetString(own).Trim() : null;
}
