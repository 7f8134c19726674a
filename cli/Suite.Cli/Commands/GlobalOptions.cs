using System.CommandLine;

namespace Suite.Cli.Commands;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    public static readonly Option<bool> Help = new("--help")
    {
        Description = "Print this help",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    public static readonly Option<bool> Version = new("--version", "-v") { Description = "Print the version", Arity = ArgumentArity.Zero };

    public static readonly Option<string?> Run = new("--run")
    {
        Description = "Folder of the services' sockets (environment: SUITE_RUN; default: /run/suite)",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<string?> Host = new("--host", "-H")
    {
        Description = "Socket of suite-runtime, for example unix:///run/suite/runtime.sock; the others are beside it",
        HelpName = "ADDRESS",
        Recursive = true,
    };

    public static readonly Option<string?> Options = new("--options")
    {
        Description = "File with further options (environment: SUITE_OPTIONS; default: ~/.config/suite/cli.json and /etc/suite/cli.json)",
        HelpName = "FILE",
        Recursive = true,
    };

    public static IReadOnlyList<Option> All => [Host, Run, Options, Help, Version];

    public static IReadOnlyList<Option> Inherited => [Host, Run, Options, Help];

    /// <summary>They say the same in two ways: either of them is the whole of it.</summary>
    public static IReadOnlyList<string> Endpoint => [Host.Name, Run.Name];

    public static bool IsEndpointSaid(IReadOnlySet<string> given, Func<string, string?> environment) =>
        Endpoint.Any(given.Contains) || !string.IsNullOrEmpty(environment("SUITE_HOST")) || !string.IsNullOrEmpty(environment("SUITE_RUN"));
}
