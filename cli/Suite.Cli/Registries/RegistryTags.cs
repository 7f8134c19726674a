using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Cli.Registries;

/// <summary>The tags of a repository, as its registry lists them.</summary>
internal static class RegistryTags
{
    private const int MostPages = 1000;
    private const int Page = 1000;

    public static async Task<IReadOnlyList<string>> ListAsync(Session session, string name, CancellationToken cancellationToken)
    {
        var reference = Reference.Parse(name);
        if (reference.Tag is not null || reference.Digest is not null)
            throw new SuiteException(ErrorKind.InvalidArgument, $"--all-tags fetches every tag, and {name} names one");
        var address = RegistryHost.AddressOf(reference.Host, plainHttp: false, tls: false);
        using var connection = new RegistryConnection(reference.Host, address, null, await RegistryLogin.PasswordAsync(reference.Host, session, cancellationToken));
        var tags = new List<string>();
        for (var (page, last) = (0, ""); page < MostPages; page++)
        {
            var after = last.Length > 0 ? $"&last={Uri.EscapeDataString(last)}" : "";
            using var response = await connection.GetAsync($"/v2/{reference.Repository}/tags/list?n={Page}{after}", cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new SuiteException(ErrorKind.NotFound, $"registry {reference.Host} lists no tags of {reference.Repository}: it answers {(int)response.StatusCode} {response.ReasonPhrase}");
            var some = Read(reference.Host, await response.Content.ReadAsByteArrayAsync(cancellationToken));
            tags.AddRange(some);
            // The last page says so by having no next one; some registries give all at once, whatever was asked for.
            if (some.Count == 0 || !response.Headers.Contains("Link"))
                return tags;
            last = some[^1];
        }

        return tags;
    }

    private static IReadOnlyList<string> Read(string host, byte[] content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            // Null is what some say for none.
            return json.RootElement.GetProperty("tags") is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(t => t.GetString()!)] : [];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"registry {host} answered with something else than tags: {e.Message}", e);
        }
    }
}
