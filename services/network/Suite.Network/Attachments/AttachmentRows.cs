using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Suite.Hosting.Databases;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Attachments;

/// <summary>An attachment as a row: one, with its links and ports in it, so that a change touches one page of the file.</summary>
internal static class AttachmentRows
{
    private const string Columns = "sandbox, name, state, network, namespace, asked, created_at, details, links, ports";

    public static IReadOnlyList<AttachmentRecord> All(Session session) => session.Query($"SELECT {Columns} FROM attachments", Read);

    public static void Write(Session session, AttachmentRecord attachment) => session.Execute(
        $"INSERT OR REPLACE INTO attachments ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        attachment.Sandbox, attachment.Name, attachment.State.ToString(), attachment.Network, attachment.NamespacePath, attachment.Asked,
        attachment.CreatedAt.ToUnixTimeMilliseconds(), attachment.Details.ToJson(), LinksOf(attachment), PortsOf(attachment));

    public static void SetState(Session session, string sandbox, AttachmentState state) =>
        session.Execute("UPDATE attachments SET state = $2 WHERE sandbox = $1", sandbox, state.ToString());

    public static void Delete(Session session, string sandbox) => session.Execute("DELETE FROM attachments WHERE sandbox = $1", sandbox);

    public static void Rest(Session session, IEnumerable<LinkRecord> links, DateTimeOffset now)
    {
        foreach (var link in links)
        {
            foreach (var address in link.Addresses)
            {
                session.Execute(
                    "INSERT OR REPLACE INTO resting (network, address, released_at) VALUES ($1, $2, $3)",
                    link.NetworkId, address.Address.ToString(), now.ToUnixTimeMilliseconds());
            }
        }
    }

    private static string LinksOf(AttachmentRecord attachment) => JsonSerializer.Serialize(
        [.. attachment.Links.Select(link => new LinkRow(
            link.NetworkId, link.HostEnd, link.Interface, string.Join(' ', link.Addresses), link.Mac.ToString(), string.Join(' ', link.Aliases)))],
        RowJson.Default.LinkRowArray);

    private static string PortsOf(AttachmentRecord attachment) => JsonSerializer.Serialize(
        [.. attachment.Ports.Select(port => new PortRow((int)port.Protocol, port.HostAddress.ToString(), port.HostPort, port.ContainerAddress.ToString(), port.ContainerPort))],
        RowJson.Default.PortRowArray);

    private static AttachmentRecord Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), Enum.Parse<AttachmentState>(row.GetString(2)), row.GetString(3), row.GetString(4),
        [.. Parse(row.GetString(8), RowJson.Default.LinkRowArray).Select(link => new LinkRecord(
            link.NetworkId, link.HostEnd, link.Interface, [.. Words(link.Addresses).Select(LinkAddress.Parse)], MacAddress.Parse(link.Mac), [.. Words(link.Aliases)]))],
        [.. Parse(row.GetString(9), RowJson.Default.PortRowArray).Select(port => new PublishedPort(
            (PortProtocol)port.Protocol, IPAddress.Parse(port.HostAddress), port.HostPort, IPAddress.Parse(port.ContainerAddress), port.ContainerPort))],
        AttachmentDetails.Parse(row.GetString(7)), row.GetString(5), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));

    private static T[] Parse<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T[]> type) => JsonSerializer.Deserialize(json, type) ?? [];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A link in a row. The names of its members are in databases, and in the schema's migration.</summary>
internal sealed record LinkRow(string NetworkId, string HostEnd, string Interface, string Addresses, string Mac, string Aliases);

/// <summary>A port in a row; likewise.</summary>
internal sealed record PortRow(int Protocol, string HostAddress, ushort HostPort, string ContainerAddress, ushort ContainerPort);

[JsonSerializable(typeof(LinkRow[]))]
[JsonSerializable(typeof(PortRow[]))]
internal sealed partial class RowJson : JsonSerializerContext;
