using Suite.Hosting;
using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Contexts;
using Suite.Image.Builds.Runs;
using Suite.Image.Records;
using Suite.Linux.Files;

namespace Suite.Image.Builds;

/// <summary>What builds of a killed process have left goes, before the first call.</summary>
internal sealed class BuildRecovery(ImageDatabase database, ContextStore contexts, CacheMounts mounts, LeftContainers containers, BuildFolders folders)
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        folders.Recover();
        contexts.Recover();
        mounts.Recover();
        containers.Find();
        var boot = (await File.ReadAllTextAsync(BootId, cancellationToken).ConfigureAwait(false)).Trim();
        await database.WriteAsync(s => { CacheQueries.ForgetLost(s, boot); }, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>Where builds keep things while they go on.</summary>
internal sealed class BuildFolders(SuitePaths paths)
{
    /// <summary>What must never reach a disk that keeps it: the run folder is in memory.</summary>
    public string Secrets => Path.Combine(paths.Run, "build-secrets");

    public string Temporary => Path.Combine(paths.StateDirectory("image"), "builds-tmp");

    public void Recover()
    {
        FileTree.Remove(Secrets);
        FileTree.Remove(Temporary);
    }

    /// <summary>A new folder, of which only this service's user sees the inside.</summary>
    public static string Make(string above)
    {
        var path = Path.Combine(above, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(above, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
