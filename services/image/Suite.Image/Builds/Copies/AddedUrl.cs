using System.Net;
using Suite.Image.Builds.Dockerfiles;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Builds.Copies;

/// <summary>Fetches what ADD names by a URL.</summary>
internal sealed class AddedUrl : IDisposable
{
    private const long MaxBytes = 100L * 1024 * 1024 * 1024;

    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };

    public static bool IsOne(string source) =>
        source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The file's name in the image when the destination is a folder.</summary>
    public static string NameOf(Instruction at, string url)
    {
        var name = Path.GetFileName(new Uri(url).AbsolutePath.TrimEnd('/'));
        return name.Length > 0 ? Uri.UnescapeDataString(name) : throw at.Wrong($"cannot tell a file's name from '{url}': give the destination a file's name");
    }

    /// <returns>The content's digest, and when the server says that it was changed; seconds since the epoch, 0 when it does not.</returns>
    public async Task<(Digest Digest, long Modified)> FetchAsync(
        Instruction at, string url, string path, IReadOnlyDictionary<string, byte[]> secrets, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url));
            if (Authorization(request.RequestUri!.Authority, secrets) is { } header) request.Headers.TryAddWithoutValidation("Authorization", header);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                var kind = response.StatusCode == HttpStatusCode.NotFound ? ErrorKind.NotFound : ErrorKind.Unavailable;
                throw at.Failed(kind, $"ADD cannot fetch {url}: the server answers {(int)response.StatusCode} {response.ReasonPhrase}.");
            }

            using var hasher = new DigestHasher();
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using var file = File.Create(path);
            var buffer = new byte[128 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                hasher.Append(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                if (file.Length > MaxBytes) throw at.Failed(ErrorKind.ResourceExhausted, $"ADD stops fetching {url}: it has more than {MaxBytes} bytes.");
            }

            return (hasher.Finish(), response.Content.Headers.LastModified?.ToUnixTimeSeconds() ?? 0);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw at.Failed(ErrorKind.Unavailable, $"ADD cannot fetch {url}: {e.Message}", e);
        }
    }

    /// <summary>As BuildKit names the secrets for it.</summary>
    private static string? Authorization(string host, IReadOnlyDictionary<string, byte[]> secrets)
    {
        if (secrets.TryGetValue($"HTTP_AUTH_HEADER_{host}", out var header)) return System.Text.Encoding.UTF8.GetString(header).Trim();
        return secrets.TryGetValue($"HTTP_AUTH_TOKEN_{host}", out var token) ? $"Bearer {System.Text.Encoding.UTF8.GetString(token).Trim()}" : null;
    }

    public void Dispose() => _client.Dispose();
}
