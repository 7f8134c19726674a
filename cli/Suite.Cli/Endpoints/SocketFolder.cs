using Suite.Linux.Errors;

namespace Suite.Cli.Endpoints;

/// <summary>Where the services listen.</summary>
internal sealed record SocketFolder(string Directory, string Runtime)
{
    public const string Default = "/run/suite";

    public SocketFolder(string directory)
        : this(directory, Path.Combine(directory, "runtime.sock"))
    {
    }

    public string Image => Path.Combine(Directory, "image.sock");

    public string Network => Path.Combine(Directory, "network.sock");

    public string Registry => Path.Combine(Directory, "registry.sock");

    public static SocketFolder From(string? host, string? run, Func<string, string?> environment)
    {
        host ??= run is null ? environment("SUITE_HOST") : null;
        if (!string.IsNullOrEmpty(host))
            return FromHost(host);
        if (string.IsNullOrEmpty(run))
            run = environment("SUITE_RUN");
        return new SocketFolder(string.IsNullOrEmpty(run) ? Default : Path.GetFullPath(run));
    }

    private static SocketFolder FromHost(string host)
    {
        const string scheme = "unix://";
        var path = host.StartsWith(scheme, StringComparison.Ordinal) ? host[scheme.Length..] : host;
        if (!path.StartsWith('/'))
        {
            throw new SuiteException(
                ErrorKind.InvalidArgument,
                $"cannot use the address \"{host}\": write it as unix:///run/suite/runtime.sock, the path of suite-runtime's socket");
        }

        return new SocketFolder(Path.GetDirectoryName(path)!, path);
    }
}
