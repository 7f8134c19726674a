using Suite.Cli.Endpoints;

namespace Suite.Cli.Machine;

/// <summary>One of the four services: its executable beside ours, its socket, its log.</summary>
internal sealed record Service(string Name, string Executable, string Socket, string LogFile)
{
    /// <summary>In the order in which they depend on each other: the ones before need none of those behind.</summary>
    public static IReadOnlyList<Service> All(SocketFolder sockets, MachineFolders folders) =>
    [
        Of("registry", sockets.Registry, folders),
        Of("image", sockets.Image, folders),
        Of("network", sockets.Network, folders),
        Of("runtime", sockets.Runtime, folders),
    ];

    private static Service Of(string name, string socket, MachineFolders folders) => new(
        $"suite-{name}",
        Path.Combine(AppContext.BaseDirectory, $"suite-{name}"),
        socket,
        Path.Combine(folders.Logs, $"{name}.log"));
}
