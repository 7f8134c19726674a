using System.Net;
using Suite.Linux.Errors;

namespace Suite.E2e.Tests.Registry;

/// <summary>Images that come into a repository and tags that go, one after the other, until the registry is killed; and what must be true afterwards.</summary>
internal sealed class ImageChanges(HttpClient http, string repository)
{
    private readonly Dictionary<string, string> _present = [];
    private readonly HashSet<string> _gone = [];

    /// <summary>How many changes were answered for.</summary>
    public int Answered { get; private set; }

    public async Task RunUntilKilledAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var (digest, _) = await Pushes.PushImageAsync(http, repository, $"t{i}", $"{repository} layer {i}", cancellationToken);
                _present.Add($"t{i}", digest);
                Answered++;
                if (i % 3 == 2)
                    await DeleteAsync($"t{i - 1}", cancellationToken);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            // The registry was killed: what this is about.
        }
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var (tag, digest) in _present)
        {
            using var manifest = await http.GetAsync($"/v2/{repository}/manifests/{tag}", cancellationToken);
            Assert.Equal((HttpStatusCode.OK, digest), (manifest.StatusCode, manifest.Headers.GetValues("Docker-Content-Digest").Single()));
        }

        foreach (var tag in _gone)
        {
            using var manifest = await http.GetAsync($"/v2/{repository}/manifests/{tag}", cancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, manifest.StatusCode);
        }
    }

    private async Task DeleteAsync(string tag, CancellationToken cancellationToken)
    {
        // From here until the answer it may be there or not.
        _present.Remove(tag, out var digest);
        using var deleted = await http.DeleteAsync($"/v2/{repository}/manifests/{digest}", cancellationToken);
        if (deleted.StatusCode != HttpStatusCode.Accepted)
            throw new SuiteException(ErrorKind.Internal, $"delete {repository}:{tag}: {deleted.StatusCode}");
        _gone.Add(tag);
        Answered++;
    }
}
