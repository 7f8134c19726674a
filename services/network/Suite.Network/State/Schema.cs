using Suite.Hosting.Databases;

namespace Suite.Network.State;

/// <summary>
/// The service's database. Networks are kept for good; attachments until the machine restarts, which takes their namespaces
/// with it, so that a commit need survive no more than the process.
/// </summary>
internal static class Schema
{
    internal const string First = """
        CREATE TABLE boot (id TEXT NOT NULL);
        CREATE TABLE networks (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, driver TEXT NOT NULL, bridge TEXT NOT NULL, subnet TEXT NOT NULL,
            gateway TEXT NOT NULL, range TEXT NOT NULL, mtu INTEGER NOT NULL, internal INTEGER NOT NULL, labels TEXT NOT NULL,
            asked TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
        CREATE TABLE attachments (
            sandbox TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, network TEXT NOT NULL, namespace TEXT NOT NULL,
            asked TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
        CREATE TABLE links (
            sandbox TEXT NOT NULL REFERENCES attachments ON DELETE CASCADE, position INTEGER NOT NULL,
            network TEXT NOT NULL REFERENCES networks, host_end TEXT NOT NULL UNIQUE, interface TEXT NOT NULL, address TEXT NOT NULL,
            mac TEXT NOT NULL, PRIMARY KEY (sandbox, position), UNIQUE (network, address)) STRICT;
        CREATE TABLE ports (
            sandbox TEXT NOT NULL REFERENCES attachments ON DELETE CASCADE, position INTEGER NOT NULL, protocol INTEGER NOT NULL,
            host_address TEXT, host_port INTEGER NOT NULL, container_address TEXT NOT NULL, container_port INTEGER NOT NULL,
            PRIMARY KEY (sandbox, position)) STRICT;
        CREATE TABLE resting (
            network TEXT NOT NULL REFERENCES networks ON DELETE CASCADE, address TEXT NOT NULL, released_at INTEGER NOT NULL,
            PRIMARY KEY (network, address)) STRICT
        """;

    /// <summary>Networks of both families, links with several addresses and aliases; what a cluster gave the node.</summary>
    internal const string DualStack = """
        ALTER TABLE networks ADD COLUMN subnets TEXT NOT NULL DEFAULT '';
        UPDATE networks SET subnets = subnet || ' ' || gateway || ' ' || range;
        ALTER TABLE networks DROP COLUMN subnet;
        ALTER TABLE networks DROP COLUMN gateway;
        ALTER TABLE networks DROP COLUMN range;
        ALTER TABLE networks ADD COLUMN isolated INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE links_of_both (
            sandbox TEXT NOT NULL REFERENCES attachments ON DELETE CASCADE, position INTEGER NOT NULL,
            network TEXT NOT NULL REFERENCES networks, host_end TEXT NOT NULL UNIQUE, interface TEXT NOT NULL, addresses TEXT NOT NULL,
            mac TEXT NOT NULL, aliases TEXT NOT NULL, PRIMARY KEY (sandbox, position)) STRICT;
        INSERT INTO links_of_both
            SELECT links.sandbox, position, network, host_end, interface, address || '/' || substr(subnets, instr(subnets, '/') + 1, instr(subnets, ' ') - instr(subnets, '/') - 1), mac, ''
            FROM links JOIN networks ON networks.id = links.network;
        DROP TABLE links;
        ALTER TABLE links_of_both RENAME TO links;
        UPDATE ports SET host_address = '0.0.0.0' WHERE host_address IS NULL;
        ALTER TABLE attachments ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
        CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT
        """;

    /// <summary>One row an attachment, which nothing refers to: what is removed a moment later may have lost its network by then.</summary>
    private const string WholeAttachments = """
        CREATE TABLE whole (
            sandbox TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, network TEXT NOT NULL, namespace TEXT NOT NULL, asked TEXT NOT NULL,
            created_at INTEGER NOT NULL, details TEXT NOT NULL, links TEXT NOT NULL, ports TEXT NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO whole SELECT sandbox, name, state, network, namespace, asked, created_at, details,
            (SELECT json_group_array(json_object(
                'NetworkId', network, 'HostEnd', host_end, 'Interface', interface, 'Addresses', addresses, 'Mac', mac, 'Aliases', aliases))
             FROM (SELECT * FROM links WHERE links.sandbox = attachments.sandbox ORDER BY position)),
            (SELECT json_group_array(json_object(
                'Protocol', protocol, 'HostAddress', host_address, 'HostPort', host_port, 'ContainerAddress', container_address, 'ContainerPort', container_port))
             FROM (SELECT * FROM ports WHERE ports.sandbox = attachments.sandbox ORDER BY position))
            FROM attachments;
        DROP TABLE ports;
        DROP TABLE links;
        DROP TABLE attachments;
        ALTER TABLE whole RENAME TO attachments;
        CREATE TABLE alone (
            network TEXT NOT NULL, address TEXT NOT NULL, released_at INTEGER NOT NULL, PRIMARY KEY (network, address)) STRICT, WITHOUT ROWID;
        INSERT INTO alone SELECT network, address, released_at FROM resting;
        DROP TABLE resting;
        ALTER TABLE alone RENAME TO resting
        """;

    public static Database Open(string path) => Database.Open(path, Durability.Process, First, DualStack, WholeAttachments);
}
