using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Suite.Hosting.Databases;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Networks;

/// <summary>The networks in the database.</summary>
internal sealed partial class NetworkStore(Database database)
{
    private const string Columns = "id, name, driver, bridge, subnet, gateway, range, mtu, internal, labels, asked, created_at";

    public IReadOnlyList<NetworkRecord> All() =>
        database.Read(session => session.Query($"SELECT {Columns} FROM networks ORDER BY created_at, name", Read));

    public ValueTask AddAsync(NetworkRecord network, CancellationToken cancellationToken)
    {
        var bridge = network.Bridge!;
        return database.WriteAsync(
            session =>
            {
                session.Execute(
                    $"INSERT INTO networks ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                    network.Id, network.Name, network.Driver, bridge.Interface, bridge.Subnet.ToString(), bridge.Gateway.ToString(),
                    bridge.Range.ToString(), bridge.Mtu, bridge.Internal ? 1 : 0,
                    JsonSerializer.Serialize(network.Labels.ToDictionary(), LabelsJson.Default.DictionaryStringString),
                    network.Asked, network.CreatedAt.ToUnixTimeMilliseconds());
            },
            cancellationToken);
    }

    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(session => { session.Execute("DELETE FROM networks WHERE id = $1", id); }, cancellationToken);

    private static NetworkRecord Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        new BridgePart(
            row.GetString(3), Ipv4Subnet.Parse(row.GetString(4)), IPAddress.Parse(row.GetString(5)), Ipv4Subnet.Parse(row.GetString(6)),
            row.GetInt32(7), row.GetInt32(8) != 0),
        JsonSerializer.Deserialize(row.GetString(9), LabelsJson.Default.DictionaryStringString) ?? [],
        row.GetString(10),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)));

    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class LabelsJson : JsonSerializerContext;
}
