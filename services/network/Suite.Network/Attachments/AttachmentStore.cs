using System.Net;
using Microsoft.Data.Sqlite;
using Suite.Hosting.Databases;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Attachments;

/// <summary>The attachments in the database, and the addresses that rest. Links and ports are deleted with their attachment.</summary>
internal sealed class AttachmentStore(Database database)
{
    private const string Columns = "sandbox, name, state, network, namespace, asked, created_at";

    public AttachmentRecord? Find(string sandbox) => database.Read(session =>
        session.First($"SELECT {Columns} FROM attachments WHERE sandbox = $1", row => Read(session, row), sandbox));

    public IReadOnlyList<AttachmentRecord> All() => database.Read(session =>
        session.Query($"SELECT {Columns} FROM attachments ORDER BY created_at, sandbox", row => Read(session, row)));

    public ValueTask AddAsync(AttachmentRecord attachment, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            session.Execute(
                $"INSERT INTO attachments ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                attachment.Sandbox, attachment.Name, attachment.State.ToString(), attachment.Network, attachment.NamespacePath,
                attachment.Asked, attachment.CreatedAt.ToUnixTimeMilliseconds());
            for (int i = 0; i < attachment.Links.Count; i++)
            {
                var link = attachment.Links[i];
                session.Execute(
                    "INSERT INTO links (sandbox, position, network, host_end, interface, address, mac) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    attachment.Sandbox, i, link.NetworkId, link.HostEnd, link.Interface, link.Address.ToString(), link.Mac.ToString());
            }

            for (int i = 0; i < attachment.Ports.Count; i++)
            {
                var port = attachment.Ports[i];
                session.Execute(
                    "INSERT INTO ports (sandbox, position, protocol, host_address, host_port, container_address, container_port) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    attachment.Sandbox, i, (int)port.Protocol, port.HostAddress?.ToString(), (int)port.HostPort, port.ContainerAddress.ToString(), (int)port.ContainerPort);
            }
        },
        cancellationToken);

    public ValueTask SetStateAsync(string sandbox, AttachmentState state, CancellationToken cancellationToken) => database.WriteAsync(
        session => { session.Execute("UPDATE attachments SET state = $2 WHERE sandbox = $1", sandbox, state.ToString()); },
        cancellationToken);

    /// <summary>Forgets an attachment and notes since when its addresses rest.</summary>
    public ValueTask RemoveAsync(string sandbox, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            session.Execute(
                "INSERT OR REPLACE INTO resting (network, address, released_at) SELECT network, address, $2 FROM links WHERE sandbox = $1",
                sandbox, now.ToUnixTimeMilliseconds());
            session.Execute("DELETE FROM resting WHERE released_at < $1", (now - Bridge.Ipam.AddressPool.Rest).ToUnixTimeMilliseconds());
            session.Execute("DELETE FROM attachments WHERE sandbox = $1", sandbox);
        },
        cancellationToken);

    public IReadOnlyList<(string NetworkId, IPAddress Address, DateTimeOffset ReleasedAt)> Resting() => database.Read(session => session.Query(
        "SELECT network, address, released_at FROM resting",
        row => (row.GetString(0), IPAddress.Parse(row.GetString(1)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))));

    /// <summary>Forgets every attachment when the machine has restarted since they were recorded.</summary>
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
            return session.Execute("DELETE FROM attachments");
        },
        cancellationToken);

    private static AttachmentRecord Read(Session session, SqliteDataReader row)
    {
        string sandbox = row.GetString(0);
        var links = session.Query(
            "SELECT network, host_end, interface, address, mac FROM links WHERE sandbox = $1 ORDER BY position",
            r => new LinkRecord(r.GetString(0), r.GetString(1), r.GetString(2), IPAddress.Parse(r.GetString(3)), MacAddress.Parse(r.GetString(4))),
            sandbox);
        var ports = session.Query(
            "SELECT protocol, host_address, host_port, container_address, container_port FROM ports WHERE sandbox = $1 ORDER BY position",
            r => new PublishedPort(
                (PortProtocol)r.GetInt32(0), r.IsDBNull(1) ? null : IPAddress.Parse(r.GetString(1)), (ushort)r.GetInt32(2),
                IPAddress.Parse(r.GetString(3)), (ushort)r.GetInt32(4)),
            sandbox);
        return new AttachmentRecord(
            sandbox, row.GetString(1), Enum.Parse<AttachmentState>(row.GetString(2)), row.GetString(3), row.GetString(4), links, ports,
            row.GetString(5), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));
    }
}
