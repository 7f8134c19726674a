using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Suite.Linux.Errors;

namespace Suite.Hosting.Databases;

/// <summary>
/// A service's embedded database: one connection that writes, in turn, and a few that read meanwhile (WAL readers do not wait for the
/// writer). Callbacks run synchronously on the caller's thread and must neither block on other work nor keep the session.
/// </summary>
public sealed class Database : IDisposable
{
    private readonly string _path;
    private readonly Session _writer;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentBag<Session> _readers = [];
    private volatile bool _disposed;

    private Database(string path, Session writer)
    {
        _path = path;
        _writer = writer;
    }

    /// <summary>Opens or makes the file and brings its schema up to date.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="durability">What a commit survives.</param>
    /// <param name="migrations">SQL scripts; the Nth leads from version N-1 to N. Only ever append to this list.</param>
    public static Database Open(string path, Durability durability, params ReadOnlySpan<string> migrations)
    {
        try
        {
            var writer = new Session(Connect(path, SqliteOpenMode.ReadWriteCreate));
            try
            {
                Pragmas.ApplyToWriter(writer, durability);
                Migrations.Run(writer, path, migrations);
                return new Database(path, writer);
            }
            catch
            {
                writer.Dispose();
                throw;
            }
        }
        catch (SqliteException e)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"cannot open the database {path}: {e.Message}", e);
        }
    }

    /// <summary>Runs <paramref name="work"/> in a transaction that commits when it returns and rolls back when it throws.</summary>
    public async ValueTask<T> WriteAsync<T>(Func<Session, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return InTransaction(work);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public async ValueTask WriteAsync(Action<Session> work, CancellationToken cancellationToken) =>
        await WriteAsync(session => { work(session); return 0; }, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads without waiting for writers. Each statement sees the last commit before it began.</summary>
    public T Read<T>(Func<Session, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_readers.TryTake(out var session))
        {
            session = new Session(Connect(_path, SqliteOpenMode.ReadWrite));
            Pragmas.ApplyToReader(session);
        }

        try
        {
            return work(session);
        }
        finally
        {
            if (_disposed)
                session.Dispose();
            else
                _readers.Add(session);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        // The last connection to close checkpoints the log into the file and removes it.
        _writer.Dispose();
        _turn.Dispose();
    }

    private T InTransaction<T>(Func<Session, T> work)
    {
        // IMMEDIATE takes the write lock at once, so a transaction cannot fail halfway with SQLITE_BUSY.
        _writer.Execute("BEGIN IMMEDIATE");
        try
        {
            var result = work(_writer);
            _writer.Execute("COMMIT");
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void RollBack()
    {
        try
        {
            _writer.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // A full disk or a failed read rolls back by itself (sqlite.org/lang_transaction.html), and the first error is the one to tell.
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        // The pool would keep files open after Dispose and hand out connections without our settings.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
