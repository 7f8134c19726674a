using System.Collections.Immutable;
using System.Net;
using Microsoft.Data.Sqlite;
using Suite.Hosting.Databases;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Attachments;

/// <summary>The attachments in the database, and the addresses that rest. Links and ports are deleted with their attachment.</summary>
internal sealed class AttachmentStore(Database database)
{
    private const string Columns = "sandbox, name, state, network, namespace, asked, created_at, details";

    public AttachmentRecord? Find(string sandbox) => database.Read(session =>
        session.First($"SELECT {Columns} FROM attachments WHERE sandbox = $1", row => Read(session, row), sandbox));

    public IReadOnlyList<AttachmentRecord> All() => database.Read(session =>
        session.Query($"SELECT {Columns} FROM attachments ORDER BY created_at, sandbox", row => Read(session, row)));

    public ValueTask AddAsync(AttachmentRecord attachment, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            session.Execute(
                $"INSERT INTO attachments ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                attachment.Sandbox, attachment.Name, attachment.State.ToString(), attachment.Network, attachment.NamespacePath,
                attachment.Asked, attachment.CreatedAt.ToUnixTimeMilliseconds(), attachment.Details.ToJson());
            WriteLinks(session, attachment);
            for (int i = 0; i < attachment.Ports.Length; i++)
            {
                var port = attachment.Ports[i];
                session.Execute(
                    "INSERT INTO ports (sandbox, position, protocol, host_address, host_port, container_address, container_port) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    attachment.Sandbox, i, (int)port.Protocol, port.HostAddress.ToString(), (int)port.HostPort, port.ContainerAddress.ToString(), (int)port.ContainerPort);
            }
        },
        cancellationToken);

    /// <summary>Writes an attachment's links anew, after one came or went; the addresses of those that went rest from <paramref name="now"/> on.</summary>
    public ValueTask ChangeLinksAsync(AttachmentRecord attachment, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var kept = attachment.Links.Select(link => link.HostEnd).ToHashSet();
            foreach (var gone in ReadLinks(session, attachment.Sandbox).Where(link => !kept.Contains(link.HostEnd)))
            {
                Rest(session, gone, now);
            }

            session.Execute("DELETE FROM links WHERE sandbox = $1", attachment.Sandbox);
            WriteLinks(session, attachment);
        },
        cancellationToken);

    public ValueTask SetDetailsAsync(string sandbox, AttachmentDetails details, CancellationToken cancellationToken) => database.WriteAsync(
        session => { session.Execute("UPDATE attachments SET details = $2 WHERE sandbox = $1", sandbox, details.ToJson()); },
        cancellationToken);

    public ValueTask SetStateAsync(string sandbox, AttachmentState state, CancellationToken cancellationToken) => database.WriteAsync(
        session => { session.Execute("UPDATE attachments SET state = $2 WHERE sandbox = $1", sandbox, state.ToString()); },
        cancellationToken);

    /// <summary>Forgets an attachment and notes since when its addresses rest.</summary>
    public ValueTask RemoveAsync(string sandbox, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            foreach (var link in ReadLinks(session, sandbox))
            {
                Rest(session, link, now);
            }

            session.Execute("DELETE FROM resting WHERE released_at < $1", (now - Bridge.Ipam.AddressPool.Rest).ToUnixTimeMilliseconds());
            session.Execute("DELETE FROM attachments WHERE sandbox = $1", sandbox);
        },
        cancellationToken);

    public IReadOnlyList<(string NetworkId, IPAddress Address, DateTimeOffset ReleasedAt)> Resting() => database.Read(session => session.Query(
        "SELECT network, address, released_at FROM resting",
        row => (row.GetString(0), IPAddress.Parse(row.GetString(1)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))));

    /// <summary>
    /// Forgets every attachment when the machine has restarted since they were recorded, but for those that plugins made: what a
    /// plugin keeps on disk outlives the namespace, so it must still be told. They are left to be detached.
    /// </summary>
    /// <returns>How many were forgotten.</returns>
    public ValueTask<int> ForgetOtherBootsAsync(string boot, CancellationToken cancellationToken) => database.WriteAsync(
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

    private static void WriteLinks(Session session, AttachmentRecord attachment)
    {
        for (int i = 0; i < attachment.Links.Length; i++)
        {
            var link = attachment.Links[i];
            session.Execute(
                "INSERT INTO links (sandbox, position, network, host_end, interface, addresses, mac, aliases) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                attachment.Sandbox, i, link.NetworkId, link.HostEnd, link.Interface, string.Join(' ', link.Addresses), link.Mac.ToString(), string.Join(' ', link.Aliases));
        }
    }

    private static void Rest(Session session, LinkRecord link, DateTimeOffset now)
    {
        foreach (var address in link.Addresses)
        {
            session.Execute(
                "INSERT OR REPLACE INTO resting (network, address, released_at) VALUES ($1, $2, $3)",
                link.NetworkId, address.Address.ToString(), now.ToUnixTimeMilliseconds());
        }
    }

    private static AttachmentRecord Read(Session session, SqliteDataReader row)
    {
        string sandbox = row.GetString(0);
        var ports = session.Query(
            "SELECT protocol, host_address, host_port, container_address, container_port FROM ports WHERE sandbox = $1 ORDER BY position",
            r => new PublishedPort(
                (PortProtocol)r.GetInt32(0), IPAddress.Parse(r.GetString(1)), (ushort)r.GetInt32(2), IPAddress.Parse(r.GetString(3)), (ushort)r.GetInt32(4)),
            sandbox);
        return new AttachmentRecord(
            sandbox, row.GetString(1), Enum.Parse<AttachmentState>(row.GetString(2)), row.GetString(3), row.GetString(4), ReadLinks(session, sandbox), [.. ports],
            AttachmentDetails.Parse(row.GetString(7)), row.GetString(5), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));
    }

    private static ImmutableArray<LinkRecord> ReadLinks(Session session, string sandbox) =>
    [
        .. session.Query(
            "SELECT network, host_end, interface, addresses, mac, aliases FROM links WHERE sandbox = $1 ORDER BY position",
            r => new LinkRecord(
                r.GetString(0), r.GetString(1), r.GetString(2), [.. Words(r.GetString(3)).Select(LinkAddress.Parse)], MacAddress.Parse(r.GetString(4)),
                [.. Words(r.GetString(5))]),
            sandbox),
    ];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
