using System.Security.Cryptography;

namespace Suite.E2e.Tests.Registry;

/// <summary>Pushes as a client sends them, over HTTP and no code of ours.</summary>
internal static class Pushes
{
    public static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    public static async Task<string> BeginAsync(HttpClient http, string repository, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync($"/v2/{repository}/blobs/uploads/", null, cancellationToken);
        response.EnsureSuccessStatusCode();
        return response.Headers.Location!.ToString();
    }

    public static async Task<HttpResponseMessage> PushAsync(HttpClient http, string repository, byte[] content, CancellationToken cancellationToken)
    {
        var location = await BeginAsync(http, repository, cancellationToken);
        using var body = new ByteArrayContent(content);
        return await http.PutAsync($"{location}?digest={DigestOf(content)}", body, cancellationToken);
    }
}
