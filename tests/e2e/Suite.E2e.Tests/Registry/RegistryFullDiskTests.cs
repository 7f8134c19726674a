using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Registry;

public sealed class RegistryFullDiskTests
{
    private const int Mebibyte = 1 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Executables)]
    public async Task An_upload_that_fills_the_disk_is_refused_by_name_and_harms_nothing()
    {
        using var folder = new TempFolder(InstanceName.OfCaller());
        var root = folder.Folder("root");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", root);
        try
        {
            await using var registry = new RegistryProcess(folder.FullName);
            await registry.StartAsync(Cancellation);
            var kept = RandomNumberGenerator.GetBytes(2 * Mebibyte);
            using (var pushed = await Pushes.PushAsync(registry.Http, "app", kept, Cancellation))
                Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);

            // In pieces, as a client would: the one that does not fit gets the answer, and the upload stands where it stood.
            var location = await Pushes.BeginAsync(registry.Http, "app", Cancellation);
            var piece = RandomNumberGenerator.GetBytes(Mebibyte);
            HttpResponseMessage answer;
            var pieces = 0;
            while ((answer = await PatchAsync(registry.Http, location, piece)).StatusCode == HttpStatusCode.Accepted && pieces < 16)
                pieces++;
            Assert.Equal(HttpStatusCode.InsufficientStorage, answer.StatusCode);
            Assert.Contains("space", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.OrdinalIgnoreCase);
            using (var status = await registry.Http.GetAsync(location, Cancellation))
                Assert.Equal(HttpStatusCode.NoContent, status.StatusCode);

            using (var pulled = await registry.Http.GetAsync($"/v2/app/blobs/{Pushes.DigestOf(kept)}", Cancellation))
                Assert.Equal(kept, await pulled.Content.ReadAsByteArrayAsync(Cancellation));
            Assert.Empty((await registry.VerifyAsync(Cancellation)).Problems);

            using (var cancel = await registry.Http.DeleteAsync(location, Cancellation))
                Assert.Equal(HttpStatusCode.NoContent, cancel.StatusCode);
            using (var again = await Pushes.PushAsync(registry.Http, "app", piece, Cancellation))
                Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        }
        finally
        {
            await RunAsync("umount", root);
        }
    }

    [RootFact(Needs = Need.Executables)]
    public async Task On_a_disk_without_room_for_a_byte_every_change_is_refused_and_everything_is_still_served()
    {
        using var folder = new TempFolder(InstanceName.OfCaller());
        var root = folder.Folder("root");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", root);
        try
        {
            await using var registry = new RegistryProcess(folder.FullName);
            await registry.StartAsync(Cancellation);
            var (digest, _) = await Pushes.PushImageAsync(registry.Http, "app", "v1", "layer", Cancellation);
            var filler = Path.Combine(root, "filler");
            Fill(filler);

            var content = RandomNumberGenerator.GetBytes(200_000);
            using (var body = new ByteArrayContent(content))
            using (var single = await registry.Http.PostAsync($"/v2/app/blobs/uploads/?digest={Pushes.DigestOf(content)}", body, Cancellation))
                Assert.Equal(HttpStatusCode.InsufficientStorage, single.StatusCode);
            using (var manifest = await PutManifestAsync(registry.Http, digest))
                Assert.Equal(HttpStatusCode.InsufficientStorage, manifest.StatusCode);
            Assert.Empty(Directory.GetFiles(Path.Combine(root, "registry", "uploads")));

            using (var pulled = await registry.Http.GetAsync("/v2/app/manifests/v1", Cancellation))
                Assert.Equal(digest, pulled.Headers.GetValues("Docker-Content-Digest").Single());
            using (var layer = await registry.Http.GetAsync($"/v2/app/blobs/{Pushes.DigestOf("layer"u8.ToArray())}", Cancellation))
                Assert.Equal("layer", await layer.Content.ReadAsStringAsync(Cancellation));
            Assert.Empty((await registry.VerifyAsync(Cancellation)).Problems);

            File.Delete(filler);
            using (var again = await Pushes.PushAsync(registry.Http, "app", content, Cancellation))
                Assert.Equal(HttpStatusCode.Created, again.StatusCode);
            using (var manifest = await PutManifestAsync(registry.Http, digest))
                Assert.Equal(HttpStatusCode.Created, manifest.StatusCode);
            Assert.Empty((await registry.VerifyAsync(Cancellation)).Problems);
        }
        finally
        {
            await RunAsync("umount", root);
        }
    }

    private static void Fill(string path)
    {
        using var file = File.Create(path, bufferSize: 0);
        foreach (var size in (int[])[Mebibyte, 4096, 1])
        {
            try
            {
                while (true)
                    file.Write(new byte[size]);
            }
            catch (IOException)
            {
                // No room for so many; fewer may fit.
            }
        }
    }

    /// <summary>An index of a megabyte, which the database has no room for in what it has laid by.</summary>
    private static async Task<HttpResponseMessage> PutManifestAsync(HttpClient http, string digest)
    {
        var index = $$$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","annotations":{"padding":"{{{new string('x', 6 * Mebibyte / 4)}}}"},
             "manifests":[{"mediaType":"{{{Pushes.ManifestType}}}","digest":"{{{digest}}}","size":1}]}
            """;
        using var body = new StringContent(index);
        body.Headers.ContentType = new("application/vnd.oci.image.index.v1+json");
        return await http.PutAsync("/v2/app/manifests/index", body, Cancellation);
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient http, string location, byte[] piece)
    {
        using var body = new ByteArrayContent(piece);
        return await http.PatchAsync(location, body, Cancellation);
    }

    private static async Task RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, process.ExitCode);
    }
}
