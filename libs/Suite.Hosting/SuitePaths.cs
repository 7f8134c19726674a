namespace Suite.Hosting;

/// <summary>The folders of one installation. All three can be moved, so that several suites run side by side on a machine.</summary>
/// <param name="Root">State that survives a reboot, a folder for each service.</param>
/// <param name="Run">Sockets, locks and whatever a reboot may clear.</param>
/// <param name="Config">SERVICE.json and conf.d/*.json.</param>
/// <param name="Instance">Names what this suite makes in the kernel: its bridge, tables, namespaces and cgroups.</param>
public sealed record SuitePaths(string Root, string Run, string Config, string Instance)
{
    public const string DefaultRoot = "/var/lib/suite";
    public const string DefaultRun = "/run/suite";
    public const string DefaultConfig = "/etc/suite";
    public const string DefaultInstance = "suite";

    /// <summary>Where a service answers gRPC: RUN/SERVICE.sock.</summary>
    public string SocketPath(string service) => Path.Combine(Run, service + ".sock");

    /// <summary>Where a service keeps what is its own: ROOT/SERVICE. The host makes it, mode 0700, before anything else runs.</summary>
    public string StateDirectory(string service) => Path.Combine(Root, service);
}
