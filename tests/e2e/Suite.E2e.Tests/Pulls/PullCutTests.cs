using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using Grpc.Core;
using Suite.Graph.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.E2e.Tests.Pulls;

/// <summary>
/// Ends suite-image at every step of a pull: strace kills it at the Nth call of a kind. Whenever that is, the image is then whole or
/// absent, what is absent has left nothing, and the next pull succeeds.
/// </summary>
public sealed class PullCutTests
{
    private static readonly string[] Kept = ["overlay/l", "overlay/tmp", "overlay/trash", "overlay/r", "blobs/sha256", "blobs-tmp"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // From the first byte to the answer: drafts, files, renames into place, the flush of the files, the record, the flush of the record.
    private static readonly (string Call, int At)[] Cuts =
        [("openat2", 1), ("fchownat", 20), ("pwrite64", 2), ("rename", 1), ("rename", 2), ("syncfs", 1), ("fsync", 1), ("fsync", 2), ("fsync", 4)];

    [RootFact(Needs = Need.Executables)]
    public async Task An_image_is_whole_or_absent()
    {
        await using var suite = await SuiteInstance.StartAsync(InstanceName.OfCaller(), ["registry", "image"]);
        await TestImage.PushAsync(suite.Registry, "app", Token);
        var name = $"{suite.Registry}/app:1";
        var (cut, absent) = (0, 0);
        foreach (var (call, at) in Cuts)
        {
            if (await CutAsync(suite, name, call, at)) cut++;
            await suite.StartServiceAsync("image");
            if (await IsHereAsync(suite, name))
            {
                await AssertWholeAsync(suite, name, call);
            }
            else
            {
                absent++;
                var left = Kept.SelectMany(folder => Directory.EnumerateFileSystemEntries(Path.Combine(suite.Root, "image", folder))).ToArray();
                Assert.True(left.Length == 0, $"after {call} {at}: {string.Join(", ", left)}");
            }

            await PullAsync(suite, name);
            await AssertWholeAsync(suite, name, call);
            await new Cri.ImageService.ImageServiceClient(suite.Channel("image"))
                .RemoveImageAsync(new Cri.RemoveImageRequest { Image = new Cri.ImageSpec { Image = name } }, cancellationToken: Token);
        }

        // Most steps are met by whichever thread gets there; a test in which none was would show nothing.
        Assert.True(cut >= 5 && absent >= 3, $"{cut} of {Cuts.Length} cuts were met, {absent} before the image was there");
    }

    [RootFact(Needs = Need.Executables)]
    public async Task What_came_before_a_kill_is_where_the_next_pull_begins()
    {
        var content = new byte[48_000_000];
        new Random(7).NextBytes(content);
        await using var suite = await SuiteInstance.StartAsync(InstanceName.OfCaller(), ["registry", "image"]);
        await TestImage.PushLargeAsync(suite.Registry, "large", content, Token);
        var name = $"{suite.Registry}/large:1";
        var begun = Path.Combine(suite.Root, "image", "blobs-begun");

        // Each thread counts its own calls.
        Assert.True(await CutAsync(suite, name, "pwrite64", 100), "the pull was over before it was cut");
        await suite.StartServiceAsync("image");
        Assert.False(await IsHereAsync(suite, name));
        Assert.InRange(new DirectoryInfo(begun).GetFiles().Single().Length, 4 << 20, content.Length);

        await PullAsync(suite, name);
        Assert.Empty(Directory.GetFiles(begun));
        Assert.Equal(content, (await FilesAsync(suite, name))["large"]);
    }

    /// <summary>True when the step came before the answer.</summary>
    private static async Task<bool> CutAsync(SuiteInstance suite, string name, string call, int at)
    {
        var image = suite.Service("image");
        using var strace = await AttachAsync(image.Id, call, at);
        var answered = true;
        try
        {
            await PullAsync(suite, name);
        }
        catch (RpcException)
        {
            answered = false;
        }

        // Where the step did not come, the answer has, and the image must survive the kill that follows.
        if (!image.HasExited) await image.KillAsync(Token);
        await strace.WaitForExitAsync(Token);
        return !answered;
    }

    private static async Task PullAsync(SuiteInstance suite, string name) => await new Cri.ImageService.ImageServiceClient(suite.Channel("image"))
        .PullImageAsync(new Cri.PullImageRequest { Image = new Cri.ImageSpec { Image = name } }, cancellationToken: Token);

    private static async Task<bool> IsHereAsync(SuiteInstance suite, string name) => (await new Cri.ImageService.ImageServiceClient(suite.Channel("image"))
        .ImageStatusAsync(new Cri.ImageStatusRequest { Image = new Cri.ImageSpec { Image = name } }, cancellationToken: Token)).Image is not null;

    private static async Task AssertWholeAsync(SuiteInstance suite, string name, string cut)
    {
        var found = await FilesAsync(suite, name);
        Assert.True(TestImage.Layers * TestImage.FilesInLayer == found.Count, $"after {cut}: {found.Count} files");
        for (var layer = 0; layer < TestImage.Layers; layer++)
            for (var file = 0; file < TestImage.FilesInLayer; file++)
                Assert.Equal(TestImage.Content(layer, file), found[TestImage.Name(layer, file)]);
    }

    private static async Task<Dictionary<string, byte[]>> FilesAsync(SuiteInstance suite, string name)
    {
        var graph = new Graph.V1.Graph.GraphClient(suite.Channel("image"));
        await graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "look", Image = name }, cancellationToken: Token);
        using var export = graph.ExportRootfs(new ExportRootfsRequest { Key = "look" }, cancellationToken: Token);
        var archive = new MemoryStream();
        await foreach (var piece in export.ResponseStream.ReadAllAsync(Token)) piece.Data.WriteTo(archive);
        await graph.RemoveRootfsAsync(new RemoveRootfsRequest { Key = "look" }, cancellationToken: Token);

        archive.Position = 0;
        var found = new Dictionary<string, byte[]>();
        using var reader = new TarReader(archive);
        while (await reader.GetNextEntryAsync(cancellationToken: Token) is { } entry)
        {
            if (entry.EntryType != TarEntryType.RegularFile) continue;
            using var content = new MemoryStream();
            await entry.DataStream!.CopyToAsync(content, Token);
            found[entry.Name] = content.ToArray();
        }

        return found;
    }

    /// <summary>Returns when strace has taken hold of every thread: it says so.</summary>
    private static async Task<Process> AttachAsync(int process, string call, int at)
    {
        var strace = Process.Start(new ProcessStartInfo(
            "strace", ["-f", "-p", process.ToString(CultureInfo.InvariantCulture), "-e", $"trace={call}", "-e", $"inject={call}:signal=SIGKILL:when={at}", "-o", "/dev/null"])
        {
            RedirectStandardError = true,
        })!;
        var said = await strace.StandardError.ReadLineAsync(Token);
        Assert.Contains("attached", said ?? "nothing", StringComparison.Ordinal);
        _ = strace.StandardError.ReadToEndAsync(Token);
        return strace;
    }
}
