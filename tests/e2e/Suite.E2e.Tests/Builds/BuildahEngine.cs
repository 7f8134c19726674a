using System.Diagnostics;
using Suite.Testing.Files;

namespace Suite.E2e.Tests.Builds;

/// <summary>Debian's buildah on storage of its own, with the images that ours has.</summary>
internal sealed class BuildahEngine(TempFolder folder)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Takes an image over; the archive names it.</summary>
    public async Task TakeAsync(string archive) => Assert.Equal("", (await RunAsync("pull", "--quiet", $"docker-archive:{archive}")).Failure);

    public async Task<BuiltTree> BuildAsync(string dockerfile, string context, IEnumerable<string> flags)
    {
        var image = $"localhost/built-{Guid.NewGuid():N}";
        var built = await RunAsync(["bud", "--quiet", "--isolation", "chroot", "--format", "docker", "--layers=false", "--pull-never", "-t", image, "-f", dockerfile, .. flags, context]);
        Assert.True(built.Failure.Length == 0, built.Failure);
        var archive = folder.Path($"{Guid.NewGuid():N}.tar");
        Assert.Equal("", (await RunAsync("push", "--quiet", image, $"docker-archive:{archive}")).Failure);
        var tree = BuiltTree.Read(archive);
        File.Delete(archive);
        return tree;
    }

    public async Task<(string Output, string Failure)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "buildah", ["--root", folder.Path("buildah"), "--runroot", folder.Path("buildah-run"), "--storage-driver", "vfs", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return (await output, process.ExitCode == 0 ? "" : $"buildah {string.Join(' ', arguments)}: {process.ExitCode}: {await error}");
    }
}
