using System.Text;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Oci.References;

namespace Suite.Image.Records;

/// <summary>
/// The service's database. Images are durable before an answer says so; root file systems need to survive only the process, and a
/// container should not wait for a disk. So commits do not flush (WAL, synchronous=NORMAL), and <see cref="Flush"/> does it
/// for those that have to: a log that reached the disk up to a commit is replayed up to that commit.
/// </summary>
internal sealed class ImageDatabase(string path) : IDisposable
{
    private readonly Database _database = Database.Open(path, Durability.Process, Schema.Version1, Schema.Version2, Schema.Version3);

    public T Read<T>(Func<Session, T> work) => _database.Read(work);

    public ValueTask<T> WriteAsync<T>(Func<Session, T> work, CancellationToken cancellationToken) => _database.WriteAsync(work, cancellationToken);

    public ValueTask WriteAsync(Action<Session> work, CancellationToken cancellationToken) => _database.WriteAsync(work, cancellationToken);

    /// <summary>Returns when every commit so far is on the disk. The log's file carries no locks, so it may be opened and closed here.</summary>
    public void Flush()
    {
        var file = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(path + "-wal"), FileCalls.O_RDWR);
        if (file < 0) throw new ErrnoException($"open {path}-wal", -file);
        var result = FileCalls.Sync(file);
        FileCalls.Close(file);
        if (result < 0) throw new ErrnoException($"write {path}-wal to its disk", -result);
    }

    /// <returns>The driver's id, and whether the layer is on the disk for sure.</returns>
    public ValueTask<(string? Id, bool Durable)> FindLayerInTurnAsync(Digest key, CancellationToken cancellationToken) =>
        WriteAsync(s => s.First<(string?, bool)>("SELECT driver_id, durable FROM layers WHERE diff_id = $1 AND session >= 0", r => (r.GetString(0), r.GetInt64(1) != 0), key.ToString()), cancellationToken);

    /// <summary>
    /// Forgets layers that nothing names and removes blobs that no image has. Layers held stay for the next time. Answers the
    /// driver's ids of the layers, which the caller removes: that may take long, and nobody can find them any more.
    /// </summary>
    public ValueTask<IReadOnlyList<string>> CollectAsync(
        Func<Digest, bool> isLayerHeld, Func<Digest, bool> isBlobHeld, Action<Digest> removeBlob, CancellationToken cancellationToken) => WriteAsync(
        s =>
        {
            var layers = s.Query(
                """
                SELECT diff_id, driver_id FROM layers l
                WHERE NOT EXISTS (SELECT 1 FROM image_layers i WHERE i.diff_id = l.diff_id)
                  AND NOT EXISTS (SELECT 1 FROM rootfs_layers r WHERE r.diff_id = l.diff_id)
                  AND NOT EXISTS (SELECT 1 FROM build_cache c WHERE c.diff_id = l.diff_id)
                """,
                r => (DiffId: Digest.Parse(r.GetString(0)), Id: r.GetString(1))).Where(l => !isLayerHeld(l.DiffId)).ToArray();
            foreach (var layer in layers) s.Execute("DELETE FROM layers WHERE diff_id = $1", layer.DiffId.ToString());

            // Within this turn: a pull looks for blobs in a turn of its own, after it has held them.
            s.Execute("DELETE FROM orphan_blobs WHERE blob IN (SELECT blob FROM image_layers) OR blob IN (SELECT blob FROM build_cache WHERE blob IS NOT NULL)");
            foreach (var blob in s.Query("SELECT blob FROM orphan_blobs", r => Digest.Parse(r.GetString(0))).Where(b => !isBlobHeld(b)))
            {
                removeBlob(blob);
                s.Execute("DELETE FROM orphan_blobs WHERE blob = $1", blob.ToString());
            }

            return (IReadOnlyList<string>)[.. layers.Select(l => l.Id)];
        },
        cancellationToken);

    /// <summary>An orderly end: by now no call is under way.</summary>
    public void Dispose()
    {
        try
        {
            _database.WriteAsync(s => { SessionQueries.End(s); }, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Flush();
        }
        catch (Exception e) when (e is SuiteException or Microsoft.Data.Sqlite.SqliteException)
        {
            // The next start looks at the layers then, which is what a disk that fails deserves.
        }

        _database.Dispose();
    }
}
