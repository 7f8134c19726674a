using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Hosting.Databases;

/// <summary>Brings a schema up to date. user_version in the file's header counts the scripts that have run.</summary>
internal static class Migrations
{
    public static void Run(Session session, string path, ReadOnlySpan<string> migrations)
    {
        var version = (int)session.Count("PRAGMA user_version");
        if (version > migrations.Length)
        {
            throw new SuiteException(
                ErrorKind.FailedPrecondition,
                $"the database {path} has schema version {version} and this program knows {migrations.Length}: it was written by a newer release, install that one");
        }

        for (; version < migrations.Length; version++)
        {
            // A pragma takes no parameters. Script and version change in one transaction: a crash between them cannot run it twice.
            var next = (version + 1).ToString(CultureInfo.InvariantCulture);
            using var command = session.Connection.CreateCommand();
            command.CommandText = $"BEGIN IMMEDIATE; {migrations[version]}; PRAGMA user_version={next}; COMMIT;";
            command.ExecuteNonQuery();
        }
    }
}
