using System.Collections.Immutable;
using System.Net;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;

namespace Suite.Network.Attachments;

/// <summary>
/// The attachments: in memory for whoever asks, in the database for the next process. A write is in the database before it is in
/// memory; only that an attachment is gone is written a moment later. Until then its row says "Detaching", and a process that starts
/// takes down once more what is not there any more.
/// </summary>
internal sealed class AttachmentStore : IDisposable
{
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Database _database;
    private readonly Lock _lock = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private Dictionary<string, AttachmentRecord>? _records;
    private IReadOnlyList<AttachmentRecord>? _all;
    private List<Removal> _removals = [];

    public AttachmentStore(Database database)
    {
        _database = database;
        _work = Task.Run(ForgetInTheBackgroundAsync);
    }

    private sealed record Removal(AttachmentRecord Attachment, DateTimeOffset At);

    public AttachmentRecord? Find(string sandbox)
    {
        lock (_lock)
        {
            return Records().GetValueOrDefault(sandbox);
        }
    }

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<AttachmentRecord> All()
    {
        lock (_lock)
        {
            return _all ??= [.. Records().Values.OrderBy(a => a.CreatedAt).ThenBy(a => a.Sandbox, StringComparer.Ordinal)];
        }
    }

    public Task AddAsync(AttachmentRecord attachment, CancellationToken cancellationToken) =>
        WriteAsync(session => AttachmentRows.Write(session, attachment), attachment, cancellationToken);

    /// <summary>Writes an attachment's links anew, after one came or went; the addresses of those that went rest from <paramref name="now"/> on.</summary>
    public Task ChangeLinksAsync(AttachmentRecord attachment, DateTimeOffset now, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            var kept = attachment.Links.Select(link => link.HostEnd).ToHashSet();
            AttachmentRows.Rest(session, Find(attachment.Sandbox)!.Links.Where(link => !kept.Contains(link.HostEnd)), now);
            AttachmentRows.Write(session, attachment);
        },
        attachment,
        cancellationToken);

    public Task SetDetailsAsync(string sandbox, AttachmentDetails details, CancellationToken cancellationToken) =>
        Find(sandbox) is { } attachment ? AddAsync(attachment with { Details = details }, cancellationToken) : Task.CompletedTask;

    public Task SetStateAsync(string sandbox, AttachmentState state, CancellationToken cancellationToken) => Find(sandbox) is { } attachment
        ? WriteAsync(session => AttachmentRows.SetState(session, sandbox, state), attachment with { State = state }, cancellationToken)
        : Task.CompletedTask;

    /// <summary>Answers no more that there is such an attachment. Its row stays, and says that it is being detached.</summary>
    public void Hide(string sandbox)
    {
        lock (_lock)
        {
            Records().Remove(sandbox);
            _all = null;
        }
    }

    /// <summary>Forgets a hidden attachment of which nothing is left, and notes since when its addresses rest.</summary>
    public void WriteOff(AttachmentRecord attachment, DateTimeOffset now)
    {
        lock (_lock)
        {
            _removals.Add(new Removal(attachment, now));
        }

        _wake.Writer.TryWrite(true);
    }

    public IReadOnlyList<(string NetworkId, IPAddress Address, DateTimeOffset ReleasedAt)> Resting() => _database.Read(session => session.Query(
        "SELECT network, address, released_at FROM resting",
        row => (row.GetString(0), IPAddress.Parse(row.GetString(1)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))));

    /// <summary>
    /// Forgets every attachment when the machine has restarted since they were recorded, but for those that plugins made: what a
    /// plugin keeps on disk outlives the namespace, so it must still be told. They are left to be detached.
    /// </summary>
    /// <returns>How many were forgotten.</returns>
    public async Task<int> ForgetOtherBootsAsync(string boot, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        int forgotten = await _database.WriteAsync(
            session =>
            {
                if (session.First("SELECT id FROM boot", row => row.GetString(0)) == boot)
                {
                    return 0;
                }

                session.Execute("DELETE FROM resting");
                session.Execute("DELETE FROM boot");
                session.Execute("INSERT INTO boot (id) VALUES ($1)", boot);
                session.Execute("UPDATE attachments SET state = $1 WHERE json_extract(details, '$.Plugins') IS NOT NULL", nameof(AttachmentState.Detaching));
                return session.Execute("DELETE FROM attachments WHERE json_extract(details, '$.Plugins') IS NULL");
            },
            cancellationToken);
        lock (_lock)
        {
            (_records, _all) = (null, null);
        }

        return forgotten;
    }

    /// <summary>Writes down which attachments are gone.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => WriteAsync(_ => { }, null, cancellationToken);

    public void Dispose()
    {
        _stop.Cancel();
        _wake.Writer.TryComplete();
        _work.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private async Task WriteAsync(Action<Session> write, AttachmentRecord? written, CancellationToken cancellationToken)
    {
        List<Removal> removals = [];
        try
        {
            await _database.WriteAsync(
                session =>
                {
                    lock (_lock)
                    {
                        (removals, _removals) = (_removals, []);
                    }

                    removals.ForEach(removal => Forget(session, removal));
                    write(session);
                },
                cancellationToken);
        }
        catch
        {
            lock (_lock)
            {
                _removals = [.. removals, .. _removals];
            }

            throw;
        }

        if (written is not null)
        {
            lock (_lock)
            {
                Records()[written.Sandbox] = written;
                _all = null;
            }
        }
    }

    private void Forget(Session session, Removal removal)
    {
        AttachmentRows.Rest(session, removal.Attachment.Links, removal.At);
        session.Execute("DELETE FROM resting WHERE released_at < $1", (removal.At - Bridge.Ipam.AddressPool.Rest).ToUnixTimeMilliseconds());
        // After a failed write one of the same name may have taken its row meanwhile.
        if (Find(removal.Attachment.Sandbox) is null)
        {
            AttachmentRows.Delete(session, removal.Attachment.Sandbox);
        }
    }

    private async Task ForgetInTheBackgroundAsync()
    {
        await foreach (bool _ in _wake.Reader.ReadAllAsync())
        {
            try
            {
                await DelayAsync(Courtesy); // whoever has detached is to have his answer first
                await FlushAsync(CancellationToken.None);
            }
            catch (Exception e) when (e is SqliteException or SuiteException)
            {
                await DelayAsync(RetryAfter);
                _wake.Writer.TryWrite(true);
            }
        }
    }

    private Task DelayAsync(TimeSpan delay) => Task.Delay(delay, _stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private Dictionary<string, AttachmentRecord> Records() =>
        _records ??= _database.Read(AttachmentRows.All).ToDictionary(attachment => attachment.Sandbox, StringComparer.Ordinal);
}
