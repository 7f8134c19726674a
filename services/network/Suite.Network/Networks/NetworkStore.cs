using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Suite.Hosting.Databases;

namespace Suite.Network.Networks;

/// <summary>The networks in the database.</summary>
internal sealed partial class NetworkStore(Database database)
{
    private const string Columns = "id, name, driver, bridge, subnets, mtu, internal, isolated, labels, asked, created_at";
    private const string PodRangesKey = "pod ranges";

    public IReadOnlyList<NetworkRecord> All() =>
        database.Read(session => session.Query($"SELECT {Columns} FROM networks ORDER BY created_at, name", Read));

    public ValueTask AddAsync(NetworkRecord network, CancellationToken cancellationToken)
    {
        var bridge = network.Bridge!;
        return database.WriteAsync(
            session =>
            {
                session.Execute(
                    $"INSERT INTO networks ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                    network.Id, network.Name, network.Driver, bridge.Interface, string.Join('\n', bridge.Subnets), bridge.Mtu,
                    bridge.Internal ? 1 : 0, bridge.Isolated ? 1 : 0,
                    JsonSerializer.Serialize(network.Labels.ToDictionary(), LabelsJson.Default.DictionaryStringString),
                    network.Asked, network.CreatedAt.ToUnixTimeMilliseconds());
            },
            cancellationToken);
    }

    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(session => { session.Execute("DELETE FROM networks WHERE id = $1", id); }, cancellationToken);

    /// <summary>What a cluster gave this node for its pods, as CIDRs; empty when it gave nothing.</summary>
    public IReadOnlyList<string> PodRanges() => database.Read(session =>
        session.First("SELECT value FROM settings WHERE key = $1", row => row.GetString(0), PodRangesKey)?.Split(' ') ?? []);

    public ValueTask SetPodRangesAsync(IEnumerable<string> ranges, CancellationToken cancellationToken) => database.WriteAsync(
        session => { session.Execute("INSERT OR REPLACE INTO settings (key, value) VALUES ($1, $2)", PodRangesKey, string.Join(' ', ranges)); },
        cancellationToken);

    private static NetworkRecord Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        new BridgePart(
            row.GetString(3), [.. row.GetString(4).Split('\n').Select(SubnetPart.Parse)], row.GetInt32(5), row.GetInt32(6) != 0, row.GetInt32(7) != 0),
        JsonSerializer.Deserialize(row.GetString(8), LabelsJson.Default.DictionaryStringString) ?? [],
        row.GetString(9),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)));

    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class LabelsJson : JsonSerializerContext;
}
