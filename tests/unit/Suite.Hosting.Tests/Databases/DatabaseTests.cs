using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Hosting.Tests.Databases;

public sealed class DatabaseTests : IDisposable
{
    private const string First = "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT";
    private const string Second = "ALTER TABLE things ADD COLUMN weight INTEGER; INSERT INTO things (name, weight) VALUES ('migrated', 7)";

    private readonly TempFolder _folder = new("hosting");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Durability.Process, 1)]
    [InlineData(Durability.Disk, 2)]
    public async Task Connections_are_set_up_as_promised(Durability durability, long synchronous)
    {
        using var database = Database.Open(_folder.Path("db"), durability, First);
        Assert.Equal(synchronous, await database.WriteAsync(session => session.Count("PRAGMA synchronous"), Cancellation));
        Assert.Equal(1, await database.WriteAsync(session => session.Count("PRAGMA foreign_keys"), Cancellation));
        Assert.Equal("wal", database.Read(session => session.First("PRAGMA journal_mode", row => row.GetString(0))));
    }

    [Fact]
    public async Task What_was_written_is_there_after_opening_again()
    {
        using (var database = Database.Open(_folder.Path("db"), Durability.Process, First))
            await database.WriteAsync(session => { session.Execute("INSERT INTO things (name) VALUES ($1)", "kept"); }, Cancellation);
        using var again = Database.Open(_folder.Path("db"), Durability.Process, First);
        Assert.Equal(["kept"], again.Read(session => session.Query("SELECT name FROM things", row => row.GetString(0))));
    }

    [Fact]
    public void Only_new_migrations_run()
    {
        Database.Open(_folder.Path("db"), Durability.Process, First).Dispose();
        for (var i = 0; i < 2; i++)
        {
            using var database = Database.Open(_folder.Path("db"), Durability.Process, First, Second);
            Assert.Equal([7L], database.Read(session => session.Query("SELECT weight FROM things", row => row.GetInt64(0))));
        }
    }

    [Fact]
    public void A_migration_that_fails_leaves_nothing_of_itself()
    {
        Assert.Throws<SuiteException>(() => Database.Open(_folder.Path("db"), Durability.Process, First, "CREATE TABLE half (x); SELECT nonsense"));
        using var database = Database.Open(_folder.Path("db"), Durability.Process, First);
        Assert.Equal(0, database.Read(session => session.Count("SELECT count(*) FROM sqlite_master WHERE name = 'half'")));
    }

    [Fact]
    public void A_database_of_a_newer_release_is_refused()
    {
        Database.Open(_folder.Path("db"), Durability.Process, First, Second).Dispose();
        var error = Assert.Throws<SuiteException>(() => Database.Open(_folder.Path("db"), Durability.Process, First));
        Assert.Equal(ErrorKind.FailedPrecondition, error.Kind);
        Assert.Contains("written by a newer release", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_named()
    {
        File.WriteAllText(_folder.Path("db"), new string('x', 8192));
        var error = Assert.Throws<SuiteException>(() => Database.Open(_folder.Path("db"), Durability.Process, First));
        Assert.Equal(ErrorKind.Corrupt, error.Kind);
        Assert.Contains(_folder.Path("db"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_that_throws_is_undone_and_the_next_one_works()
    {
        using var database = Database.Open(_folder.Path("db"), Durability.Process, First);
        await Assert.ThrowsAsync<SuiteException>(async () => await database.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO things (name) VALUES ('lost')");
                throw new SuiteException(ErrorKind.FailedPrecondition, "no");
            },
            Cancellation));
        Assert.Equal(0, database.Read(session => session.Count("SELECT count(*) FROM things")));
        await database.WriteAsync(session => { session.Execute("INSERT INTO things (name) VALUES ('kept')"); }, Cancellation);
        Assert.Equal(1, database.Read(session => session.Count("SELECT count(*) FROM things")));
    }

    [Fact]
    public async Task Writers_take_turns_and_readers_go_on_meanwhile()
    {
        using var database = Database.Open(_folder.Path("db"), Durability.Process, First);
        await Parallel.ForAsync(0, 200, Cancellation, async (i, cancellation) =>
        {
            await database.WriteAsync(session => { session.Execute("INSERT INTO things (id, name) VALUES ($1, $2)", i + 1, $"thing {i}"); }, cancellation);
            Assert.Equal($"thing {i}", database.Read(session => session.First("SELECT name FROM things WHERE id = $1", row => row.GetString(0), i + 1)));
        });
        Assert.Equal(200, database.Read(session => session.Count("SELECT count(*) FROM things")));
    }
}
