using System.Reflection;

namespace Suite.Cli;

/// <summary>What this executable was built from.</summary>
internal static class Build
{
    /// <summary>"0.1.0"</summary>
    public static string Version => Informational.Split('+')[0];

    /// <summary>The first digits of the commit; "unknown" for a build outside a repository.</summary>
    public static string Commit => Informational.Split('+') is [_, { Length: >= 7 } commit] ? commit[..7] : "unknown";

    public static string Line => $"suite version {Version}, build {Commit}";

    private static string Informational =>
        typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
