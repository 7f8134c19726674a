using Suite.Hosting.Databases;

namespace Suite.Runtime.Store;

/// <summary>
/// Nodes and edges on disk. <see cref="Inventory"/> is its only user and writes one thing at a time, so a write finds the
/// database free and is over when it returns: some twenty microseconds, less than handing it to another thread would take.
/// </summary>
internal sealed class GraphDatabase(Database database) : IDisposable
{
    private const string PutNode =
        "INSERT INTO nodes (id, kind, key, body) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET key = excluded.key, body = excluded.body";

    private const string PutBareNode = "INSERT INTO nodes (id, kind, key, body) VALUES ($1, $2, $1, x'') ON CONFLICT (id) DO NOTHING";

    private const string PutEdge = "INSERT INTO edges (source, kind, target) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    // Images and networks are known here only by who uses them: the last edge takes its target along.
    private const string DeleteOrphans =
        "DELETE FROM nodes WHERE kind IN ('image', 'network') AND id IN (SELECT target FROM edges WHERE source = $1) " +
        "AND NOT EXISTS (SELECT 1 FROM edges WHERE edges.target = nodes.id AND edges.source <> $1)";

    public static GraphDatabase Open(string path) => new(Database.Open(path, Durability.Process, GraphSchema.Steps));

    /// <summary>Writes a node and adds edges to it, in one transaction. Edges that exist stay.</summary>
    public void Put(Node node, params Edge[] edges) => Write(session =>
    {
        session.Execute(PutNode, node.Id, node.Kind, node.Key, node.Body);
        foreach (var edge in edges)
        {
            // A pod is written by itself, before what uses it.
            if (edge.TargetKind is NodeKinds.Image or NodeKinds.Network)
                session.Execute(PutBareNode, edge.Target, edge.TargetKind);
            session.Execute(PutEdge, node.Id, edge.Kind, edge.Target);
        }
    });

    /// <summary>Writes the body of a node that is there and keeps its key: that is its row, and no index.</summary>
    public void PutBody(Node node) => Write(session => session.Execute("UPDATE nodes SET body = $2 WHERE id = $1", node.Id, node.Body));

    /// <summary>Removes a node with its edges, and with the images and networks that only it used.</summary>
    public void Delete(string id) => Write(session =>
    {
        session.Execute(DeleteOrphans, id);
        session.Execute("DELETE FROM edges WHERE source = $1 OR target = $1", id);
        session.Execute("DELETE FROM nodes WHERE id = $1", id);
    });

    public IReadOnlyList<Node> Nodes(string kind) => database.Read(session => session.Query(
        "SELECT id, key, body FROM nodes WHERE kind = $1",
        row => new Node(row.GetString(0), kind, row.GetString(1), row.GetFieldValue<byte[]>(2)),
        kind));

    /// <summary>The ids that a node's edges of one kind lead to.</summary>
    public IReadOnlyList<string> Targets(string source, string kind) => database.Read(session => session.Query(
        "SELECT target FROM edges WHERE source = $1 AND kind = $2 ORDER BY target", row => row.GetString(0), source, kind));

    public void Dispose() => database.Dispose();

    private void Write(Action<Session> work) => database.WriteAsync(work, CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
