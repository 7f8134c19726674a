using System.Net;
using System.Security.Cryptography;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Registry;

/// <summary>kill -9 while content is on its way: what was answered for is there, what was not is not seen.</summary>
public sealed class RegistryCrashTests
{
    private const int PieceSize = 64 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Executables)]
    public async Task An_upload_that_was_cut_short_is_not_seen_and_can_be_gone_on_with()
    {
        using var folder = new TempFolder(InstanceName.OfCaller());
        await using var registry = new RegistryProcess(folder.FullName);
        await registry.StartAsync(Cancellation);
        var kept = RandomNumberGenerator.GetBytes(100_000);
        using (var pushed = await Pushes.PushAsync(registry.Http, "app", kept, Cancellation))
            Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);

        var content = RandomNumberGenerator.GetBytes(32 * PieceSize);
        var location = await Pushes.BeginAsync(registry.Http, "app", Cancellation);
        var half = new HalfSentContent(content, PieceSize * 16);
        var patch = registry.Http.PatchAsync(location, half, Cancellation);
        await half.HalfSent;
        await registry.KillAsync(Cancellation);
        half.Release();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => patch);

        await registry.StartAsync(Cancellation);
        using (var pulled = await registry.Http.GetAsync($"/v2/app/blobs/{Pushes.DigestOf(kept)}", Cancellation))
            Assert.Equal(kept, await pulled.Content.ReadAsByteArrayAsync(Cancellation));
        using (var absent = await registry.Http.GetAsync($"/v2/app/blobs/{Pushes.DigestOf(content)}", Cancellation))
            Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        var (problems, blobs) = await registry.VerifyAsync(Cancellation);
        Assert.Empty(problems);
        Assert.Equal(1u, blobs);

        using var status = await registry.Http.GetAsync(location, Cancellation);
        var last = int.Parse(status.Headers.GetValues("Range").Single().Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);
        using var rest = new ByteArrayContent(content[(last == 0 ? 0 : last + 1)..]);
        using var put = await registry.Http.PutAsync($"{location}?digest={Pushes.DigestOf(content)}", rest, Cancellation);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
    }

    [RootFact(Needs = Need.Executables)]
    public async Task Whatever_was_answered_for_survives_a_kill_in_the_middle_of_many_pushes()
    {
        using var folder = new TempFolder(InstanceName.OfCaller());
        await using var registry = new RegistryProcess(folder.FullName);
        for (var round = 0; round < 3; round++)
        {
            await registry.StartAsync(Cancellation);
            var answered = new System.Collections.Concurrent.ConcurrentBag<byte[]>();
            var pushers = Enumerable.Range(0, 4).Select(i => PushUntilKilledAsync(registry.Http, $"app{i}", answered)).ToArray();
            // Not after a time: on a busy machine nothing may have been answered for by then.
            while (answered.Count < 5)
                await Task.Delay(5, Cancellation);
            await registry.KillAsync(Cancellation);
            await Task.WhenAll(pushers);

            await registry.StartAsync(Cancellation);
            Assert.Empty((await registry.VerifyAsync(Cancellation)).Problems);
            foreach (var content in answered)
            {
                using var mount = await registry.Http.PostAsync($"/v2/all/blobs/uploads/?mount={Pushes.DigestOf(content)}", null, Cancellation);
                Assert.Equal(HttpStatusCode.Created, mount.StatusCode);
            }

            Assert.NotEmpty(answered);
            await registry.KillAsync(Cancellation);
        }
    }

    [RootFact(Needs = Need.Executables)]
    public async Task Images_and_deletes_that_were_answered_for_survive_a_kill_while_garbage_is_collected()
    {
        using var folder = new TempFolder(InstanceName.OfCaller());
        await using var registry = new RegistryProcess(folder.FullName);
        for (var round = 0; round < 3; round++)
        {
            await registry.StartAsync(Cancellation);
            // Younger than this nothing goes; it is in the way of the others, as it would be at any hour.
            var collection = registry.CollectGarbageAsync(graceSeconds: 60, Cancellation);
            var changes = Enumerable.Range(0, 4).Select(i => new ImageChanges(registry.Http, $"app{round}-{i}")).ToArray();
            var running = changes.Select(change => change.RunUntilKilledAsync(Cancellation)).ToArray();
            while (changes.Sum(change => change.Answered) < 12)
                await Task.Delay(5, Cancellation);
            await registry.KillAsync(Cancellation);
            await Task.WhenAll(running);
            await Record.ExceptionAsync(() => collection); // killed or done, whichever came first

            await registry.StartAsync(Cancellation);
            Assert.Empty((await registry.VerifyAsync(Cancellation)).Problems);
            foreach (var change in changes)
                await change.CheckAsync(Cancellation);
            // What the deletes left behind goes now, and the kill comes in the middle of it.
            collection = registry.CollectGarbageAsync(graceSeconds: 0, Cancellation);
            await Task.Delay(Random.Shared.Next(20), Cancellation);
            await registry.KillAsync(Cancellation);
            await Record.ExceptionAsync(() => collection);

            await registry.StartAsync(Cancellation);
            Assert.Empty((await registry.VerifyAsync(Cancellation)).Problems);
            foreach (var change in changes)
                await change.CheckAsync(Cancellation);
            await registry.KillAsync(Cancellation);
        }
    }

    private static async Task PushUntilKilledAsync(HttpClient http, string repository, System.Collections.Concurrent.ConcurrentBag<byte[]> answered)
    {
        try
        {
            while (true)
            {
                var content = RandomNumberGenerator.GetBytes(20_000);
                using var response = await Pushes.PushAsync(http, repository, content, Cancellation);
                Assert.Equal(HttpStatusCode.Created, response.StatusCode);
                answered.Add(content);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            // The registry was killed: what this test is about.
        }
    }
}
