namespace Suite.Cli.Machine;

/// <summary>Where a set of services keeps its things, and what it is called in the kernel. Null: the services' own default.</summary>
internal sealed record MachineFolders(string Run, string? Root, string? Config, string? Instance)
{
    private const string DefaultRoot = "/var/lib/suite";

    public string Logs => Path.Combine(Root ?? DefaultRoot, "log");

    /// <summary>The flags that every service takes.</summary>
    public IReadOnlyList<string> Arguments()
    {
        List<string> arguments = ["--run", Run];
        if (Root is not null)
            arguments.AddRange(["--root", Root]);
        if (Config is not null)
            arguments.AddRange(["--config", Config]);
        if (Instance is not null)
            arguments.AddRange(["--instance", Instance]);
        return arguments;
    }
}
