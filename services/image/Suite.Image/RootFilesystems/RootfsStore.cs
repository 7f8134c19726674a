using System.Text.Json;
using Suite.Hosting.Databases;
using Suite.Image.Builds.Runs;
using Suite.Image.Graph.Drivers;
using Suite.Image.Layers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Linux.Files;

namespace Suite.Image.RootFilesystems;

/// <summary>
/// Makes and removes the writable roots of containers. The record goes before the files when one is made and after them when one is
/// removed, so that whatever a crash leaves has a record that says what it is.
/// </summary>
internal sealed class RootfsStore(IGraphDriver driver, ImageDatabase database, LayerStore layers, BuildRoots builds, TimeProvider time)
{
    public async Task<(ImageRecord Image, RootfsMount Mount)> PrepareAsync(
        string key, string called, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (key.Length == 0) throw new SuiteException(ErrorKind.InvalidArgument, "A root file system needs a key: the container's id.");
        var (image, ids) = await database.WriteAsync(s => Claim(s, key, called, labels), cancellationToken).ConfigureAwait(false);
        try
        {
            var mount = driver.PrepareRootfs(key, ids);
            await database.WriteAsync(s => { s.Execute("UPDATE rootfs SET state = 'created' WHERE key = $1", key); }, CancellationToken.None).ConfigureAwait(false);
            return (image, mount);
        }
        catch
        {
            // Only what this call began: a root that was complete before stays, whatever went wrong now.
            if (database.Read(s => s.First("SELECT state FROM rootfs WHERE key = $1", r => r.GetString(0), key)) == "creating")
            {
                driver.RemoveRootfs(key);
                await database.WriteAsync(s => Forget(s, key), CancellationToken.None).ConfigureAwait(false);
            }

            throw;
        }
    }

    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var image = await database.WriteAsync(
            s =>
            {
                s.Execute("UPDATE rootfs SET state = 'removing' WHERE key = $1", key);
                return s.First("SELECT image FROM rootfs WHERE key = $1", r => r.GetString(0), key);
            },
            cancellationToken).ConfigureAwait(false);
        if (image is null) return;
        driver.RemoveRootfs(key);
        var orphaned = await database.WriteAsync(
            s =>
            {
                Forget(s, key);
                return s.Count("SELECT count(*) FROM images WHERE id = $1", image) == 0;
            },
            CancellationToken.None).ConfigureAwait(false);
        // The image was removed while this root used it: its layers may go now.
        if (orphaned) await layers.CollectAsync(cancellationToken).ConfigureAwait(false);
    }

    public IReadOnlyList<RootfsRecord> List() => database.Read(s => s.Query(
        "SELECT key, image, labels, created FROM rootfs WHERE state = 'created' ORDER BY created, key",
        r => new RootfsRecord(
            r.GetString(0), r.GetString(1), JsonSerializer.Deserialize(r.GetString(2), LabelsJsonContext.Default.DictionaryStringString) ?? [], r.GetInt64(3))));

    /// <summary>The driver's ids of the layers below a root, lowest first. They stay as long as it does.</summary>
    public IReadOnlyList<string> Layers(string key) => database.Read(s =>
        s.Count("SELECT count(*) FROM rootfs WHERE key = $1 AND state = 'created'", key) == 0
            ? throw new SuiteException(ErrorKind.NotFound, $"There is no root file system '{key}'.")
            : s.Query("SELECT l.driver_id FROM rootfs_layers r JOIN layers l USING (diff_id) WHERE r.key = $1 ORDER BY r.position", r => r.GetString(0), key));

    public TreeUsage Usage(string key) => driver.RootfsUsage(key);

    /// <summary>After a crash: roots that were being made or removed go, and those without a record too.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var key in database.Read(s => s.Query("SELECT key FROM rootfs WHERE state <> 'created'", r => r.GetString(0))))
        {
            driver.RemoveRootfs(key);
            await database.WriteAsync(s => Forget(s, key), cancellationToken).ConfigureAwait(false);
        }

        var known = List().Select(r => r.Key).ToHashSet();
        var there = driver.ListRootfs().ToHashSet();
        foreach (var key in there.Except(known)) driver.RemoveRootfs(key);
        foreach (var key in known.Except(there)) await database.WriteAsync(s => Forget(s, key), cancellationToken).ConfigureAwait(false);
    }

    private (ImageRecord Image, IReadOnlyList<string> Layers) Claim(Session s, string key, string called, IReadOnlyDictionary<string, string> labels)
    {
        var image = BuildRoots.IsOne(called)
            ? builds.Find(called) ?? throw new SuiteException(ErrorKind.NotFound, $"There is no build '{called}' under way: its containers go with it.")
            : ImageFinder.Get(s, called);
        var taken = s.First("SELECT image, state FROM rootfs WHERE key = $1", r => (Image: r.GetString(0), State: r.GetString(1)), key);
        if (taken.Image is not null && taken.Image != image.Id.ToString())
            throw new SuiteException(ErrorKind.AlreadyExists, $"The root file system '{key}' exists already, from the image {taken.Image}.");
        if (taken.State == "removing")
            throw new SuiteException(ErrorKind.FailedPrecondition, $"The root file system '{key}' is being removed: try again.");
        if (taken.Image is null)
        {
            var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
            s.Execute(
                "INSERT INTO rootfs (key, image, labels, created, state) VALUES ($1, $2, $3, $4, 'creating')",
                key, image.Id.ToString(), JsonSerializer.Serialize(new Dictionary<string, string>(labels), LabelsJsonContext.Default.DictionaryStringString), now);
            for (var i = 0; i < image.Layers.Count; i++)
                s.Execute("INSERT INTO rootfs_layers (key, position, diff_id) VALUES ($1, $2, $3)", key, i, image.Layers[i].Key.ToString());
        }

        return (image, [.. image.Layers.Select(l => l.DriverId)]);
    }

    private static void Forget(Session s, string key)
    {
        s.Execute("DELETE FROM rootfs_layers WHERE key = $1", key);
        s.Execute("DELETE FROM rootfs WHERE key = $1", key);
    }
}
