using System.Net;
using Suite.Image.Blobs;
using Suite.Image.Registries;
using Suite.Image.Registries.Hosts;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Pushes;

/// <summary>Sends one blob, unless the registry has it (distribution-spec, "POST then PUT" and "Mounting a blob").</summary>
internal sealed class BlobUpload(RegistrySession session)
{
    /// <summary>Answers false when the registry had it already.</summary>
    /// <param name="mountFrom">A repository of the same registry that likely has the blob.</param>
    public async Task<bool> RunAsync(Digest digest, Func<Stream> open, string? mountFrom, Action<long> progress, CancellationToken cancellationToken)
    {
        var what = $"blob {digest} for {session.Reference.Familiar}";
        using (var head = await session.SendAsync(
            HostCapabilities.Push, what, (endpoint, _) => new HttpRequestMessage(HttpMethod.Head, endpoint.Uri($"blobs/{digest}")), cancellationToken).ConfigureAwait(false))
        {
            if (head.IsSuccessStatusCode) return false;
            if (head.StatusCode != HttpStatusCode.NotFound) throw await session.FailureAsync(head, what, cancellationToken).ConfigureAwait(false);
        }

        var start = mountFrom is null ? "blobs/uploads/" : $"blobs/uploads/?mount={digest}&from={Uri.EscapeDataString(mountFrom)}";
        using var begun = await session.SendAsync(
            HostCapabilities.Push, what,
            (endpoint, _) => new HttpRequestMessage(HttpMethod.Post, endpoint.Uri(start)) { Content = new ByteArrayContent([]) }, cancellationToken).ConfigureAwait(false);
        if (begun.StatusCode == HttpStatusCode.Created) return false; // mounted
        if (begun.StatusCode != HttpStatusCode.Accepted) throw await session.FailureAsync(begun, what, cancellationToken).ConfigureAwait(false);
        if (begun.Headers.Location is not { } location)
            throw new SuiteException(ErrorKind.Unavailable, $"The registry {session.Reference.Host} accepted an upload and did not say where to.");

        var target = new Uri(begun.RequestMessage!.RequestUri!, location);
        target = new UriBuilder(target) { Query = (target.Query.Length > 1 ? target.Query[1..] + "&" : "") + "digest=" + Uri.EscapeDataString(digest.ToString()) }.Uri;
        using var done = await session.SendAsync(
            HostCapabilities.Push, what,
            (_, silence) => new HttpRequestMessage(HttpMethod.Put, target) { Content = new ProgressContent(open(), silence, progress) }, cancellationToken).ConfigureAwait(false);
        if (done.StatusCode != HttpStatusCode.Created) throw await session.FailureAsync(done, what, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
